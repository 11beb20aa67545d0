"""Drafts are edited as data, and compared in the words of who reads packs."""

import copy
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis.errors import Conflict, Invalid, RuleBroken
from services.suitability.adapters.packs import load_document
from services.suitability.domain import pack_reader
from services.suitability.domain.expression import PackError
from services.suitability.domain.pack_differences import pack_differences
from services.suitability.domain.pack_document import PackDocument, document_of
from services.suitability.domain.pack_edit import PackEdit, RuleTaken, edited
from services.suitability.domain.pack_problems import UnreadablePack
from services.suitability.domain.pack_shape import Shape
from services.suitability.domain.packs import Packs
from services.suitability.domain.rule_pack import Release, RulePack
from tests.suitability.cases import PACK_FOLDER

SHIPPED = load_document(PACK_FOLDER)
AT = datetime(2026, 11, 23, 4, tzinfo=UTC)
TODAY = date(2026, 11, 23)
OWN = {
    "id": "OWN-01",
    "regulation": "HOUSE",
    "article": "内部制度第一条",
    "status": "read",
    "scope": "product.kind == 'public_fund'",
    "zh": "公募基金",
    "en": "Public funds",
}


def named(edition: str, **changes: Any) -> PackDocument:
    first = changes.pop("effective_from", TODAY)
    return edited(SHIPPED, PackEdit(edition=edition, effective_from=first, **changes))


def draft(document: PackDocument, by: str = "s-maker") -> RulePack:
    pack = RulePack(pack_id="p-1", document=document, follows="cn-2026-02")
    pack.change(document, [], by=by, reason="", at=AT)
    return pack


def test_the_pack_that_is_edited_stays_as_it_is() -> None:
    before = copy.deepcopy(SHIPPED.kept())

    named("own-1", parameters={"special_care_age": 60}, removed=["MAT-07"])

    assert SHIPPED.kept() == before


def test_a_document_has_the_digest_of_the_pack_read_from_it() -> None:
    document = named("own-1", rules=[RuleTaken("matching", OWN)])

    assert document.digest == document.read().digest == document_of(document.kept()).digest


def test_equal_packs_differ_in_nothing() -> None:
    assert pack_differences(SHIPPED, document_of(SHIPPED.kept())) == []


def test_true_and_one_are_not_the_same_value() -> None:
    one = named("own-1", parameters={"budget_needed": 1})

    found = {each.what for each in pack_differences(named("own-1"), one)}

    assert found == {"parameter budget_needed"}


def test_a_rule_may_move_to_another_section() -> None:
    rule = next(rule for _, rule in SHIPPED.rules() if rule["id"] == "MAT-10")
    moved = named("own-1", rules=[RuleTaken("customers", rule)])

    found = {each.what: (each.before, each.after) for each in pack_differences(SHIPPED, moved)}

    assert found["section MAT-10"] == ("matching", "customers")
    assert [rule["id"] for _, rule in moved.rules()].count("MAT-10") == 1


def test_a_section_that_no_head_names_is_refused() -> None:
    kept = copy.deepcopy(SHIPPED.kept())
    kept["sections"]["forgotten"] = {}  # type: ignore[index]

    with pytest.raises(UnreadablePack, match="is not in head"):
        document_of(kept).refuse_shapeless()


def test_who_changed_it_once_never_releases_it() -> None:
    pack = draft(named("own-1"))
    pack.change(named("own-1"), [], by="s-second", reason="", at=AT)

    for maker in ("s-maker", "s-second"):
        with pytest.raises(RuleBroken, match="another person"):
            pack.released(Release(1, maker, AT, "r-1"), today=TODAY, before="cn-2026-02")

    pack.released(Release(1, "s-third", AT, "r-1"), today=TODAY, before="cn-2026-02")
    with pytest.raises(Conflict):
        pack.change(named("own-1"), [], by="s-maker", reason="", at=AT)


def test_editions_of_shipped_packs_are_reserved() -> None:
    assert SHIPPED.edition.startswith("cn-")

    with pytest.raises(Invalid, match="come with the software"):
        draft(named("cn-2027-01"))


def test_what_was_checked_at_its_release_is_not_refused_by_later_checks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = named("own-1", rules=[RuleTaken("matching", OWN)]).kept()
    before = document_of(kept).read()

    def stricter(*_: object) -> None:
        raise PackError("style changed", "写法已变更")

    monkeypatch.setattr(pack_reader, "refuse_unreasonable", stricter)
    monkeypatch.setattr(Shape, "check", stricter)

    with pytest.raises((UnreadablePack, PackError)):
        document_of(kept).read()
    again = document_of(kept, released=True).read()
    assert (again.digest, again.name, len(again.rules)) == (
        before.digest,
        before.name,
        len(before.rules),
    )


def test_rules_switched_on_from_outside_do_not_reach_into_own_packs() -> None:
    own = named("own-1", effective_from=date(2027, 1, 1)).read()
    packs = Packs([SHIPPED.read()], ["CUS-11"], [own])

    assert packs.in_force(date(2026, 12, 31)).name == "cn-2026-02+CUS-11"
    assert packs.in_force(date(2027, 1, 1)).name == "own-1"
    assert packs.named("cn-2026-02+CUS-11").switched_on == {"CUS-11"}


def test_of_two_own_packs_for_one_day_the_later_release_counts() -> None:
    first, second = named("own-1").read(), named("own-2").read()

    assert Packs([], own=[first, second]).in_force(TODAY) is second
    assert Packs([], own=[second, first]).in_force(TODAY) is first
