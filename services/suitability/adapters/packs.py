"""Rule packs as they lie beside the code: one folder per version."""

import tomllib
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path

from chassis.errors import Invalid
from chassis.json_lines import parsed
from services.suitability.domain.pack import Pack
from services.suitability.domain.pack_document import PackDocument
from services.suitability.domain.pack_exchange import received
from services.suitability.domain.packs import Packs

HERE = Path(__file__).parent.parent
SHIPPED = HERE / "packs"
HEAD = "pack.toml"
MEANINGS = "meanings.toml"
EXPORTED = ".pack.json"
LARGEST_FILE = 1024 * 1024  # bytes


def shipped_documents(folder: Path = SHIPPED) -> list[PackDocument]:
    return [load_document(path) for path in pack_folders(folder)]


def released_packs(
    switched_on: Iterable[str] = (), folder: Path = SHIPPED, own: Path | None = None
) -> Packs:
    """The packs that are shipped, and those in the folder *own*, or the one pack it is."""
    return Packs(
        [load_pack(path) for path in pack_folders(folder)],
        switched_on,
        [load_pack(path) for path in pack_folders(own)] if own else [],
    )


def pack_folders(folder: Path) -> list[Path]:
    """Folders of packs, and packs exported as one file. Raise Invalid where there is no pack."""
    if (folder / HEAD).is_file() or (folder.is_file() and folder.suffix == ".json"):
        return [folder]
    within = sorted(folder.iterdir()) if folder.is_dir() else []
    found = [path for path in within if (path / HEAD).is_file() or path.name.endswith(EXPORTED)]
    if not found:
        raise Invalid(
            "no_rule_pack",
            f"{folder}: there is no rule pack here: no folder with a {HEAD}, no *{EXPORTED}",
            f"{folder}：此处没有规则包（没有含 {HEAD} 的文件夹，也没有 *{EXPORTED}）",
            field="packs",
        )
    return found


def load_pack(folder: Path) -> Pack:
    return load_document(folder).read()


def load_document(folder: Path) -> PackDocument:
    """Of a folder, or of one file."""
    if folder.is_file():
        return received(read_json(folder))
    head = read_toml(folder / HEAD)
    if (folder / MEANINGS).is_file():
        head["meanings"] = read_toml(folder / MEANINGS)
    named = head.get("sections")
    wanted = [name for name in named if isinstance(name, str)] if isinstance(named, list) else []
    paths = {path.stem: path for path in folder.glob("*.toml")}
    return PackDocument(head, {name: read_toml(paths[name]) for name in wanted if name in paths})


def read_toml(path: Path, parse_float: Callable[[str], object] = Decimal) -> dict[str, object]:
    """Raise Invalid naming the file that cannot be read."""
    try:
        with path.open("rb") as file:
            return tomllib.loads(file.read(LARGEST_FILE).decode(), parse_float=parse_float)
    except OSError as error:
        raise _unreadable(path, str(error.strerror)) from None
    except (ValueError, RecursionError) as error:
        raise _unreadable(path, str(error) or "nested too deeply") from None


def read_json(path: Path) -> object:
    """Raise Invalid naming the file that cannot be read."""
    try:
        with path.open("rb") as file:
            return parsed(file.read(LARGEST_FILE), Decimal)
    except OSError as error:
        raise _unreadable(path, str(error.strerror)) from None
    except Invalid as error:
        raise _unreadable(path, error.en) from None


def _unreadable(path: Path, why: str) -> Invalid:
    return Invalid("unreadable_file", f"{path}: {why}", f"{path}：无法读取（{why}）", field="packs")
