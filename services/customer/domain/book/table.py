"""Find the table on a sheet: its header row wherever it is, its columns in whatever order."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chassis.errors import Invalid
from services.customer.domain.book.cells import Cell, Grid, Workbook, is_blank, squeeze

HEADER_WITHIN = 50  # rows
TOTALS = frozenset({"合计", "总计", "小计", "共计", "汇总", "total", "subtotal", "sum"})
ASIDE = re.compile(r"\(.*\)")
COUNTED_IN = re.compile(r"\(.*?(百万|千万|万|亿|千)元?\)")
UNITS = {
    "千": Decimal(10) ** 3,
    "万": Decimal(10) ** 4,
    "百万": Decimal(10) ** 6,
    "千万": Decimal(10) ** 7,
    "亿": Decimal(10) ** 8,
}


@dataclass(frozen=True)
class Field:
    """A column by the titles it goes under, the usual one first."""

    name: str
    titles: tuple[str, ...]
    needed: bool = False


@dataclass(frozen=True)
class Layout:
    """A sheet by the titles it goes under, and its columns."""

    titles: tuple[str, ...]
    fields: tuple[Field, ...]

    @property
    def title(self) -> str:
        return self.titles[0]

    @property
    def needed(self) -> frozenset[str]:
        return frozenset(field.name for field in self.fields if field.needed)


@dataclass(frozen=True)
class Column:
    index: int
    title: str
    unit: Decimal  # what its amounts are counted in


@dataclass(frozen=True)
class Row:
    number: int  # as the spreadsheet shows it
    cells: Sequence[Cell]
    columns: Mapping[str, Column]

    def cell(self, field: str) -> Cell:
        column = self.columns.get(field)
        return self.cells[column.index] if column and column.index < len(self.cells) else ""

    def title(self, field: str) -> str:
        column = self.columns.get(field)
        return column.title if column else ""

    def unit(self, field: str) -> Decimal:
        column = self.columns.get(field)
        return column.unit if column else Decimal(1)


@dataclass(frozen=True)
class Table:
    sheet: str
    columns: Mapping[str, Column]
    below: Sequence[tuple[int, Sequence[Cell]]]

    def rows(self) -> Iterator[Row]:
        """Rows that say something: no blank ones, no totals, no repeated headers."""
        for number, cells in self.below:
            if not _says_nothing(cells) and not self._repeats_the_header(cells):
                yield Row(number, cells, self.columns)

    def _repeats_the_header(self, cells: Sequence[Cell]) -> bool:
        return all(
            column.index < len(cells) and squeeze(cells[column.index]) == column.title
            for column in self.columns.values()
        )


def find_table(workbook: Workbook, layout: Layout) -> Table:
    """Raise Invalid naming the sheet or the column that is missing."""
    found = find_sheet(workbook, layout)
    if found is None:
        raise _missing_sheet(layout)
    return _table(found, workbook[found], layout)


def find_sheet(workbook: Workbook, layout: Layout) -> str | None:
    """By its title, or else the only sheet that has the needed columns."""
    titled = [sheet for sheet in workbook if squeeze(sheet) in layout.titles]
    if titled:
        return titled[0]
    fitting = [sheet for sheet, grid in workbook.items() if _header(grid, layout)[1] == set()]
    return fitting[0] if len(fitting) == 1 else None


def _table(sheet: str, grid: Grid, layout: Layout) -> Table:
    at, missing = _header(grid, layout)
    if missing:
        titles = [field.titles[0] for field in layout.fields if field.name in missing]
        raise _missing_columns(sheet, titles)
    below = [(number, grid[number - 1]) for number in range(at + 2, len(grid) + 1)]
    return Table(sheet, _columns(grid[at], layout), below)


def _header(grid: Grid, layout: Layout) -> tuple[int, set[str]]:
    """The row most like a header, and which needed columns it lacks."""
    best, lacking = 0, set(layout.needed)
    for index, cells in enumerate(grid[:HEADER_WITHIN]):
        missing = layout.needed - _columns(cells, layout).keys()
        if len(missing) < len(lacking):
            best, lacking = index, set(missing)
    return best, lacking


def _columns(cells: Sequence[Cell], layout: Layout) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for index, cell in enumerate(cells):
        title = squeeze(cell).strip("*:")
        bare = ASIDE.sub("", title)
        for field in layout.fields:
            if field.name not in columns and (title in field.titles or bare in field.titles):
                columns[field.name] = Column(index, title, _unit(title))
    return columns


def _unit(title: str) -> Decimal:
    counted = COUNTED_IN.search(title)
    return UNITS[counted[1]] if counted else Decimal(1)


def _says_nothing(cells: Sequence[Cell]) -> bool:
    said = [cell for cell in cells if not is_blank(cell)]
    return not said or squeeze(said[0]).strip(":").lower() in TOTALS


def _missing_sheet(layout: Layout) -> Invalid:
    return Invalid(
        "sheet_missing",
        f"the book has no sheet “{layout.title}”; add it or give the sheet this title",
        f"缺少工作表“{layout.title}”，请补充或更正工作表名称",
        field=layout.title,
    )


def _missing_columns(sheet: str, titles: Sequence[str]) -> Invalid:
    return Invalid(
        "column_missing",
        f"sheet “{sheet}” lacks the column {', '.join(f'“{title}”' for title in titles)}",
        f"工作表“{sheet}”缺少列{'、'.join(f'“{title}”' for title in titles)}",
        field=titles[0],
    )
