"""Marketing words as they lie beside the code: one file per version."""

from pathlib import Path

from services.suitability.adapters.packs import HERE, read_toml
from services.suitability.domain.marketing import MarketingWords
from services.suitability.domain.marketing_reader import read_marketing_words

FOLDER = HERE / "marketing"


def released_marketing_words(folder: Path = FOLDER) -> list[MarketingWords]:
    return [read_marketing_words(read_toml(path)) for path in sorted(folder.glob("*.toml"))]
