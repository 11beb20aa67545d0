"""Rehearsals of rule packs, and their reports."""

from gateway.schemas import shown, taken
from gateway.schemas.paging import PageAsked

PARTS = ("sales", "trials", "live")
TURNS = ("blocked", "required", "allowed", "terms")
DIMENSIONS = ("all", "rule", "product", "branch", "adviser")


class RehearsalTally(shown.Shown):
    part = shown.Text(", ".join(PARTS))
    turn = shown.Text(", ".join(TURNS))
    dimension = shown.Text(", ".join(DIMENSIONS))
    key = shown.Text("the rule, product, branch or adviser")
    cases = shown.Count()
    money = shown.Amount("of sales and trials what was asked for, of live pairs the least amount")


class Rehearsal(shown.Shown):
    rehearsal_id = shown.Id()
    pack_id = shown.Id()
    edition = shown.Text()
    digest = shown.Text("SHA-256 of the document that was tried")
    before = shown.Text("the pack it is compared with, as receipts name it")
    first_day = shown.Day()
    since = shown.Day()
    state = shown.Text("running, stalled, finished, stopped")
    started_by = shown.Text()
    started_at = shown.Moment()
    advanced_at = shown.Moment()
    finished_at = shown.Moment()
    decisions = shown.Count()
    decisions_done = shown.Count()
    pairs = shown.Count()
    pairs_done = shown.Count()
    unread = shown.Count()
    cases_kept = shown.Count()
    cases_left_out = shown.Count()
    attached = shown.Flag()
    tallies = shown.Parts(RehearsalTally)


class RehearsalCase(shown.Shown):
    number = shown.Count()
    part = shown.Text(", ".join(PARTS))
    turn = shown.Text(", ".join(TURNS))
    before = shown.Text("ALLOW, REQUIRE, BLOCK")
    after = shown.Text("ALLOW, REQUIRE, BLOCK")
    rules = shown.Words()
    customer_id = shown.Id()
    product_id = shown.Id()
    amount = shown.Amount()
    adviser_id = shown.Text()
    branch_id = shown.Text()
    decision_id = shown.Text()
    sale_id = shown.Text()


class RehearsalAsked(taken.Strict):
    since = taken.Day()


class TalliesAsked(PageAsked):
    dimension = taken.Choice(*DIMENSIONS)
    part = taken.Choice(*PARTS)
    turn = taken.Choice(*TURNS)


class CasesWanted(taken.Strict):
    part = taken.Choice(*PARTS)
    turn = taken.Choice(*TURNS)
    rule_id = taken.Id()
    customer_id = taken.Id()
    product_id = taken.Id()
    branch_id = taken.Id()
    adviser_id = taken.Id()


class CasesAsked(CasesWanted, PageAsked):
    """A page of them."""
