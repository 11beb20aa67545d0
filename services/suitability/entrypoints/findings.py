"""Findings as RuleFinding messages, put together from parts that were written once.

Protobuf reads messages written one after the other as one message that says all of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from liheng.suitability.v1 import suitability_pb2 as pb
from services.suitability.domain.judge import Finding
from services.suitability.domain.obligations import in_words
from services.suitability.domain.ruling import MOST_REMEMBERED, Ruling


def finding_bytes(findings: Iterable[Finding]) -> Iterator[bytes]:
    """For each what `writing.finding_message` makes of the same rule in a receipt."""
    facts = Facts({})
    for finding in findings:
        if finding.shown is not facts.shown:
            facts = Facts(finding.shown)
        read = map(facts.__getitem__, finding.rule.reads)
        yield b"".join([_said(finding.ruling), *read])


class Facts(dict[str, bytes]):
    """Each fact as part of a message, written when it is first asked for."""

    def __init__(self, shown: Mapping[str, object]) -> None:
        super().__init__()
        self.shown = shown

    def __missing__(self, name: str) -> bytes:
        value = self.shown[name]
        self[name] = b"" if value is None else _fact(name, in_words(value))
        return self[name]


@lru_cache(MOST_REMEMBERED)
def _said(ruling: Ruling) -> bytes:
    rule = ruling.rule
    return pb.RuleFinding(
        rule_id=rule.id,
        regulation=rule.regulation.zh,
        article=rule.article,
        verdict=str(ruling.verdict),
        zh=ruling.zh,
        en=ruling.en,
    ).SerializeToString()


@lru_cache(MOST_REMEMBERED)
def _fact(name: str, words: str) -> bytes:
    return pb.RuleFinding(facts={name: words}).SerializeToString()
