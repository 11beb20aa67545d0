"""Rule packs and questionnaires as they lie beside the code: one folder or file per version."""

import tomllib
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from services.suitability.domain.pack import Pack
from services.suitability.domain.pack_reader import read_pack
from services.suitability.domain.packs import Packs
from services.suitability.domain.questionnaire import Questionnaire, read_questionnaire

HERE = Path(__file__).parent.parent


def released_packs(switched_on: Iterable[str] = (), folder: Path = HERE / "packs") -> Packs:
    packs = [load_pack(path) for path in sorted(folder.iterdir()) if path.is_dir()]
    return Packs(packs, switched_on)


def load_pack(folder: Path) -> Pack:
    head = _toml(folder / "pack.toml")
    sections = {path.stem: _toml(path) for path in folder.glob("*.toml")}
    return read_pack(head, sections)


def released_questionnaires(folder: Path = HERE / "questionnaires") -> list[Questionnaire]:
    return [read_questionnaire(_toml(path)) for path in sorted(folder.glob("*.toml"))]


def _toml(path: Path) -> dict[str, object]:
    with path.open("rb") as file:
        return tomllib.load(file, parse_float=Decimal)
