"""Text without its disguises: width, spelling, and what is put between characters."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

BOUNDARY = "\n"
ENDS_OF_CLAUSES = frozenset("。！？；，：!?;,:")
SAID_WITH_WORDS = frozenset("%、")  # signs that mean something between words
UNSEEN = frozenset("ZPSCM")  # spaces, punctuation, symbols, controls, marks


class PlainText(NamedTuple):
    """*places* says for each character of *text* where it stood in the original."""

    text: str
    places: list[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters from *start* up to *end* stood."""
        return self.places[start], self.places[end - 1] + 1


def plain_text(original: str, spellings: Mapping[str, str]) -> PlainText:
    """Clauses end in BOUNDARY, and so do paragraphs; a line break alone ends nothing."""
    characters: list[str] = []
    places: list[int] = []
    breaks = 0
    for place, character in enumerate(original):
        breaks = breaks + 1 if character == "\n" else breaks * (character in " \t\r\u3000")
        kept = BOUNDARY if breaks > 1 else _seen(character)
        for one in kept:
            characters.append(spellings.get(one, one))
            places.append(place)
    return PlainText("".join(characters), places)


@lru_cache(8192)
def _seen(character: str) -> str:
    """In its common form; nothing of what only stands between characters."""
    return "".join(map(_kept, unicodedata.normalize("NFKC", character)))


def _kept(character: str) -> str:
    if character in ENDS_OF_CLAUSES:
        return BOUNDARY
    seen = character in SAID_WITH_WORDS or unicodedata.category(character)[0] not in UNSEEN
    return character.casefold() if seen else ""
