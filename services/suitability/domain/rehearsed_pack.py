"""The packs of a rehearsal, made ready once and not for every batch."""

import json
from datetime import date
from functools import lru_cache

from services.suitability.domain.pack import Pack
from services.suitability.domain.pack_document import PackDocument, document_of

IN_USE = 8


def rehearsed(document: PackDocument, day: date) -> Pack:
    """As its rules are on the day; the same object for the same content, in the same order."""
    return _read(json.dumps(document.kept()), day)


@lru_cache(IN_USE)
def _read(text: str, day: date) -> Pack:
    return document_of(json.loads(text)).read().as_on(day)


@lru_cache(IN_USE)
def standing(pack: Pack, day: date) -> Pack:
    """A released pack, as its rules are on the day."""
    return pack.as_on(day)
