"""Rule packs of an institution's own: two people, the real database, decisions that follow."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from chassis.database import engine
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, RuleBroken
from chassis.migrations import migrate
from chassis.status import to_refusal
from liheng.suitability.v1 import packs_pb2 as pb
from services.suitability.bootstrap import SERVICE, verify
from services.suitability.bootstrap import pack as pack_command
from services.suitability.bootstrap import rpc as suitability_rpc
from services.suitability.config import SuitabilityConfig
from tests.calling import CALLER_KEY, as_caller, refusal, served, staff
from tests.suitability.integration.office import CHECKER, MAKER, SHIPPED, Office, rule

TODAY = datetime(2026, 11, 23, 4, tzinfo=UTC)


def config(url: str, rules_on: str = "") -> SuitabilityConfig:
    return SuitabilityConfig(
        database_url=url,
        amqp_url="",
        rpc_address="127.0.0.1:0",
        caller_key=CALLER_KEY,
        licence="fund_distributor",
        rules_on=rules_on,
    )


@pytest.fixture
def office(
    postgres_url: Callable[[str], str], create_database: Callable[[str], str]
) -> Iterator[Office]:
    """A database of its own: what is released stays, and every later test would decide by it."""
    stack = Office(create_database("rule_packs"))
    migrate(stack.url, SERVICE.migrations)
    with served(suitability_rpc(config(stack.url), stack.clock)) as channel:
        stack.connect(channel)
        yield stack


def sql(office: Office, statement: str, **values: object) -> None:
    bound = engine(office.url, connections=1)
    try:
        with bound.begin() as connection:
            connection.execute(sa.text(statement), values)
    finally:
        bound.dispose()


def test_the_shipped_pack_is_read_by_people(office: Office) -> None:
    pack = office.pack(SHIPPED)

    matching = next(one for one in pack.sections if one.section == "matching")
    care = next(one for one in matching.rules if one.rule_id == "CUS-10")
    assert care.zh.startswith("向65周岁以上客户")
    assert (care.regulation, care.status, care.enabled) == ("S1", "read", True)
    high = next(one for one in pack.parameters if one.name == "high_risk_from")
    assert (high.value, high.zh) == ("R4", "从哪一级起视为高风险产品")
    assert (pack.summary.state, pack.summary.in_force, pack.problems) == ("shipped", True, 0)


def test_a_draft_says_what_it_changes(office: Office) -> None:
    pack = office.draft(
        parameters={"special_care_age": 60},
        switches={"CUS-11": True},
        rules=[("matching", rule())],
        removed_rules=["MAT-07"],
    )

    changed = office.differences(pack)

    assert changed["parameter special_care_age"] == ("65", "60")
    assert changed["switch CUS-11"] == ("false", "true")
    assert changed["rule_added OWN-01"][0] == ""
    assert changed["rule_removed MAT-07"][1] == ""
    assert changed["effective_from "] == ("2026-02-01", "2026-11-23")
    assert not [name for name in changed if name.startswith("rule ")]
    assert (pack.summary.state, pack.summary.follows) == ("draft", SHIPPED)
    assert pack.rule_pack == f"{pack.summary.edition}+CUS-11"
    assert list(pack.makers) == ["s-maker"]


def test_a_changed_rule_is_shown_part_by_part(office: Office) -> None:
    pack = office.draft(rules=[("matching", rule())])
    office.release(pack)
    stricter = rule(clause=[{"when": "request.amount > 1", "verdict": "BLOCK"}])

    second = office.draft(rules=[("matching", stricter)])

    assert office.differences(second)["rule OWN-01.clause[0].when"] == (
        "True",
        "request.amount > 1",
    )


def test_sales_are_decided_by_a_pack_from_the_moment_of_its_release(office: Office) -> None:
    office.know("c-1")
    office.assess("c-1")
    before = office.decide("c-1")

    pack = office.release(office.draft(rules=[("matching", rule())]))

    after = office.decide("c-1")
    assert (before.outcome, before.rule_pack) == ("ALLOW", SHIPPED)
    assert (after.outcome, after.rule_pack) == ("BLOCK", pack.summary.edition)
    assert "OWN-01" in [one.rule_id for one in after.rules]
    assert office.announced(pack.summary.pack_id) == ["RulePackReleased"]


def test_a_released_pack_reaches_the_lists_and_the_masks(office: Office) -> None:
    for client in ("c-1", "c-2"):
        office.know(client)
        office.assess(client)
    before = [office.offered_products("c-1"), office.offered_clients("P1")]

    office.release(office.draft(rules=[("matching", rule())]))

    assert before == [{"P1"}, {"c-1", "c-2"}]
    assert [office.offered_products("c-1"), office.offered_clients("P1")] == [set(), set()]
    assert office.offered_products("c-1", "BLOCK") == {"P1"}
    assert office.offered_clients("P1", "BLOCK") == {"c-1", "c-2"}


def test_a_pack_takes_effect_at_midnight_of_the_institution(office: Office) -> None:
    office.know("c-1")
    office.assess("c-1")
    office.release(office.draft("2026-11-25", rules=[("matching", rule())]))

    office.now = datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC)
    eve = office.decide("c-1")
    office.now = datetime(2026, 11, 24, 16, tzinfo=UTC)
    first = office.decide("c-1")

    assert (eve.outcome, first.outcome) == ("ALLOW", "BLOCK")


def test_every_process_decides_by_it_without_a_restart(office: Office) -> None:
    with served(suitability_rpc(config(office.url), office.clock)) as channel:
        other = Office(office.url)
        other.connect(channel)
        other.know("c-1")
        other.assess("c-1")
        assert other.decide("c-1").outcome == "ALLOW"

        office.release(office.draft(rules=[("matching", rule())]))

        assert other.decide("c-1").outcome == "BLOCK"


def test_its_receipts_are_derived_again_offline_from_the_exported_pack(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office.know("c-1")
    office.assess("c-1")
    pack = office.release(office.draft(rules=[("matching", rule())], switches={"CUS-11": True}))
    receipt = tmp_path / "receipt.json"
    receipt.write_text(office.decide("c-1").receipt_json, encoding="utf-8")
    file = tmp_path / "own.pack.json"
    file.write_text(office.exported(pack), encoding="utf-8")

    assert verify(["--packs", str(file), str(receipt)]) == 0
    assert verify(["--packs", str(tmp_path), str(receipt)]) == 0
    assert pack_command(["check", str(file)]) == 0
    assert pack.summary.digest in capsys.readouterr().out


def test_an_exported_pack_that_was_edited_is_refused(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exported = json.loads(office.exported(office.release(office.draft())))
    exported["head"]["parameters"]["special_care_age"] = 90
    file = tmp_path / "own.pack.json"
    file.write_text(json.dumps(exported), encoding="utf-8")

    assert pack_command(["check", str(file)]) != 0
    assert "not as it was released" in capsys.readouterr().err


@pytest.mark.parametrize("hand", ["draft", "change"])
def test_who_had_a_hand_in_it_does_not_release_it(office: Office, hand: str) -> None:
    pack = office.draft(by=MAKER if hand == "draft" else CHECKER)
    if hand == "change":
        office.change(pack, by=MAKER, parameters={"special_care_age": 60})

    office.rehearse(pack)
    refused = refusal(lambda: office.release(pack, by=MAKER, rehearsed=False))

    assert isinstance(refused, RuleBroken)
    assert refused.code == "maker_releases"
    assert office.pack(pack.summary.pack_id).summary.state == "draft"


def test_only_compliance_works_on_rule_packs(office: Office) -> None:
    pack = office.draft()

    for who in (staff("s-ops", "operations"), staff("s-boss", "management")):
        for attempt in (
            lambda who=who: office.draft(by=who),
            lambda who=who: office.change(pack, by=who),
            lambda who=who: office.discard(pack, by=who),
            lambda who=who: office.release(pack, by=who, rehearsed=False),
            lambda who=who: office.start(pack, by=who),
        ):
            assert isinstance(refusal(attempt), Forbidden)


def test_two_who_release_at_once_release_it_once(office: Office) -> None:
    pack = office.draft()
    office.rehearse(pack)
    people = [staff(f"s-checker-{number}", "compliance") for number in range(4)]
    outcomes: list[Refusal | None] = []

    def attempt(who: Any) -> None:
        try:
            office.release(pack, by=who, rehearsed=False)
            outcomes.append(None)
        except grpc.RpcError as error:
            outcomes.append(to_refusal(error))  # type: ignore[arg-type]

    threads = [threading.Thread(target=attempt, args=(who,)) for who in people]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(one.code if one else "" for one in outcomes) == ["", *["not_a_draft"] * 3]
    assert office.announced(pack.summary.pack_id) == ["RulePackReleased"]


def test_of_two_drafts_from_the_same_pack_the_second_must_look_at_the_first(office: Office) -> None:
    first = office.draft(parameters={"special_care_age": 60})
    second = office.draft(parameters={"high_risk_from": "R3"})
    released = office.release(first)

    refused = refusal(lambda: office.release(second))
    assert office.differences(second)["parameter special_care_age"] == ("60", "65")
    office.change(second, follows=released.summary.edition, parameters={"special_care_age": 60})
    third = office.release(second)

    assert refused.code == "follows_another"
    assert third.summary.in_force
    assert office.differences(third, first.summary.edition).keys() == {
        "version ",
        "parameter high_risk_from",
    }


def test_a_released_pack_is_never_changed_again(office: Office) -> None:
    pack = office.release(office.draft())

    for attempt in (
        lambda: office.change(pack, parameters={"special_care_age": 60}),
        lambda: office.discard(pack),
        lambda: office.release(pack, by=staff("s-third", "compliance"), rehearsed=False),
        lambda: office.start(pack),
    ):
        refused = refusal(attempt)
        assert isinstance(refused, Conflict)
        assert refused.code == "not_a_draft"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rule_packs SET document = '{}'",
        "UPDATE rule_packs SET effective_from = '2020-01-01'",
        "UPDATE rule_packs SET state = 'draft', release_no = NULL",
        "DELETE FROM rule_packs",
        "UPDATE rehearsals SET state = 'running'",
        "DELETE FROM rehearsals",
        "TRUNCATE rule_packs CASCADE",
        "UPDATE rule_pack_changes SET by = 'somebody'",
        "DELETE FROM rule_pack_changes",
        "INSERT INTO rule_pack_changes SELECT pack_id, 9, 'x', now(), '[]', '', '' FROM rule_packs",
        "INSERT INTO rule_packs SELECT 'x', 'x', effective_from, follows, state, document, digest,"
        " 99, released_by, released_at, 1 FROM rule_packs",
    ],
)
def test_not_even_sql_changes_what_was_released(office: Office, statement: str) -> None:
    office.release(office.draft())

    with pytest.raises(DatabaseError, match=r"rule pack|is kept"):
        sql(office, statement)


def test_not_even_sql_lets_a_maker_release(office: Office) -> None:
    pack = office.draft()
    release = "UPDATE rule_packs SET state = 'released', release_no = 1, released_at = now()"
    with pytest.raises(DatabaseError, match="a rehearsal of this very document"):
        sql(office, f"{release}, released_by = 's-checker'")

    report = office.rehearse(pack).rehearsal_id
    release += f", rehearsal_id = '{report}'"

    with pytest.raises(DatabaseError, match="no hand in it"):
        sql(office, f"{release}, released_by = 's-maker'")
    with pytest.raises(DatabaseError, match="this very document"):
        sql(office, f"{release}, released_by = 's-checker', digest = 'other'")

    assert office.pack(pack.summary.pack_id).summary.state == "draft"


def test_a_pack_does_not_take_effect_in_the_past(office: Office) -> None:
    pack = office.draft("2026-11-22")

    refused = refusal(lambda: office.release(pack))
    released = office.release(office.change(pack, effective_from="2026-11-23"))

    assert (refused.code, refused.field) == ("effective_in_the_past", "effective_from")
    assert released.summary.effective_from == "2026-11-23"


def test_what_is_wrong_with_a_draft_is_said_and_stops_its_release(office: Office) -> None:
    pack = office.draft(rules=[("matching", rule(scope="customer.wealth > 1"))])

    assert pack.problems == 1
    assert office.problems(pack) == ["matching.OWN-01.scope"]
    assert isinstance(refusal(lambda: office.start(pack)), Invalid)
    assert isinstance(refusal(lambda: office.release(pack, rehearsed=False)), Invalid)
    mended = office.change(pack, rules=[("matching", rule())])
    assert (mended.problems, office.problems(mended)) == (0, [])


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"parameters": {"no_such": 1}}, "unknown_parameter"),
        ({"parameters": {"special_care_age": {"a": 1}}}, "unreadable_rule_pack"),
        ({"switches": {"NO-01": True}}, "unknown_rule"),
        ({"removed_rules": ["NO-01"]}, "unknown_rule"),
        ({"rules": [("nowhere", rule())]}, "unknown_section"),
        ({"rules": [("matching", {"zh": "无"})]}, "unreadable_rule_pack"),
        ({"rules": [("matching", rule(extra="x"))]}, "unreadable_rule_pack"),
        ({"document": {"head": {}, "sections": {}}}, "unreadable_rule_pack"),
        ({"document": {"a": 1}}, "unreadable_rule_pack"),
        ({"edition": "cn-2027-01"}, "edition_reserved"),
        ({"edition": "a b"}, "unreadable_rule_pack"),
        ({"edition": ""}, "missing"),
        ({"effective_from": "soon"}, "not_a_date"),
        ({"effective_from": ""}, "missing"),
        ({"base": "no-such-pack"}, "no_such_rule_pack"),
    ],
)
def test_what_cannot_be_drafted_is_refused_with_the_reason(
    office: Office, asked: dict[str, Any], code: str
) -> None:
    assert refusal(lambda: office.draft(**asked)).code == code
    assert not office.listed("draft").packs


@pytest.mark.parametrize("text", ["{", '{"a":1,"a":2}', '"\\ud800"', "[" * 5000, "NaN", "[]"])
def test_broken_documents_are_refused(office: Office, text: str) -> None:
    request = pb.DraftRulePackRequest(edit=pb.PackEdit(document_json=text))

    refused = refusal(lambda: office.packs.DraftRulePack(request, metadata=as_caller(MAKER)))

    assert isinstance(refused, Invalid)


def test_an_edition_is_given_once(office: Office) -> None:
    pack = office.draft()

    refused = refusal(lambda: office.draft(edition=pack.summary.edition))

    assert isinstance(refused, Conflict)
    assert refused.code == "edition_taken"


def test_a_draft_is_changed_as_it_was_seen_or_not_at_all(office: Office) -> None:
    pack = office.draft()
    office.change(pack, seen=1, parameters={"special_care_age": 60})

    refused = refusal(lambda: office.change(pack, seen=1, parameters={"special_care_age": 70}))

    assert refused.code == "changed_meanwhile"
    changed = office.pack(pack.summary.pack_id)
    assert [list(one.what) for one in changed.changes] == [
        [f"drafted from {SHIPPED}"],
        ["parameter special_care_age"],
    ]


def test_the_shipped_pack_is_not_changed(office: Office) -> None:
    refused = refusal(lambda: office.change(office.pack(SHIPPED)))

    assert refused.code == "shipped_pack"


def test_a_whole_document_comes_back_as_it_was_given(office: Office) -> None:
    exported = json.loads(office.exported(office.draft(parameters={"special_care_age": 60})))
    del exported["release"]
    exported["head"]["version"] = "uploaded-1"

    pack = office.draft(document=exported, edition="", effective_from="")

    assert json.loads(office.exported(pack))["head"] == exported["head"]
    assert pack.summary.edition == "uploaded-1"
    assert office.differences(pack)["parameter special_care_age"] == ("65", "60")


def test_a_discarded_draft_stays_in_the_list(office: Office) -> None:
    pack = office.draft()
    office.discard(pack)

    refused = refusal(lambda: office.release(pack, rehearsed=False))

    assert refused.code == "not_a_draft"
    assert [one.edition for one in office.listed("discarded").packs] == [pack.summary.edition]


def test_the_list_is_read_page_by_page(office: Office) -> None:
    drafts = [office.draft(f"2026-12-0{day}") for day in (1, 2)]

    first = office.listed(limit=2)
    rest = office.listed(limit=2, cursor=first.next_cursor)

    assert [one.edition for one in (*first.packs, *rest.packs)] == [
        drafts[1].summary.edition,
        drafts[0].summary.edition,
        SHIPPED,
    ]
    assert not rest.next_cursor


def test_rules_switched_on_from_outside_are_carried_into_a_draft(
    create_database: Callable[[str], str],
) -> None:
    office = Office(create_database("switched_on"), rules_on=("CUS-11",))
    migrate(office.url, SERVICE.migrations)
    with served(suitability_rpc(config(office.url, "CUS-11"), office.clock)) as channel:
        office.connect(channel)

        pack = office.draft()

        assert pack.summary.follows == f"{SHIPPED}+CUS-11"
        assert pack.rule_pack == f"{pack.summary.edition}+CUS-11"
        assert office.differences(pack).keys() == {"version ", "effective_from "}
        assert office.release(pack).summary.in_force


def test_of_two_packs_for_one_day_the_later_release_counts(office: Office) -> None:
    office.know("c-1")
    office.assess("c-1")
    first = office.release(office.draft("2026-12-01", rules=[("matching", rule())]))
    second = office.draft("2026-12-01", base=first.summary.edition, removed_rules=["OWN-01"])

    office.release(second)

    office.now += timedelta(days=10)
    assert office.decide("c-1").rule_pack == second.summary.edition
    assert refusal(lambda: office.pack("no-such")).code == "no_such_rule_pack"
    assert isinstance(refusal(lambda: office.pack("no-such")), NotFound)
