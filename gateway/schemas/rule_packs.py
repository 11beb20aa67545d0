"""Rule packs: shipped, and the institution's own."""

from gateway.schemas import free, shown, taken
from gateway.schemas.paging import PageAsked

STATES = ("shipped", "draft", "released", "discarded")
STATUSES = ("read", "secondary", "interpretation", "draft", "unverified")


class RulePackSummary(shown.Shown):
    """A shipped pack has its edition for an id, and version 0: nobody can change it here."""

    pack_id = shown.Id()
    edition = shown.Text()
    state = shown.Text(", ".join(STATES))
    effective_from = shown.Day()
    follows = shown.Text("the pack that was in force when it was drafted, as receipts name it")
    in_force = shown.Flag()
    digest = shown.Text("SHA-256 of its document")
    drafted_by = shown.Text()
    drafted_at = shown.Moment()
    released_by = shown.Text()
    released_at = shown.Moment()
    version = shown.Count()
    rehearsal_id = shown.Text("the report that was attached to its release")


class PackParameter(shown.Shown):
    name = shown.Id()
    value = shown.Text("as people write it; a list is joined by commas")
    zh = shown.Text()
    en = shown.Text()
    source = shown.Text()


class PackRegulation(shown.Shown):
    regulation = shown.Id()
    zh = shown.Text()
    en = shown.Text()
    in_force_from = shown.Day()


class PackDefinition(shown.Shown):
    name = shown.Id()
    condition = shown.Text()


class PackClause(shown.Shown):
    when = shown.Text()
    verdict = shown.Text("ALLOW, REQUIRE, BLOCK")
    requires = shown.Words()
    obligation = shown.Text("JSON; null when it obliges to nothing")
    zh = shown.Text()
    en = shown.Text()


class PackRule(shown.Shown):
    rule_id = shown.Id()
    regulation = shown.Text()
    article = shown.Text()
    status = shown.Text(", ".join(STATUSES))
    enabled = shown.Flag()
    in_force_from = shown.Day()
    scope = shown.Text()
    zh = shown.Text("with the values of its parameters")
    en = shown.Text()
    clauses = shown.Parts(PackClause)


class PackSection(shown.Shown):
    section = shown.Id()
    definitions = shown.Parts(PackDefinition)
    rules = shown.Parts(PackRule)


class RulePackChange(shown.Shown):
    number = shown.Count()
    by = shown.Text()
    at = shown.Moment()
    what = shown.Words()
    reason = shown.Text()
    digest = shown.Text()


class RulePack(shown.Shown):
    pack_id = shown.Id()
    summary = shown.Part(RulePackSummary)
    rule_pack = shown.Text("its name in receipts; null while it cannot be read")
    problems = shown.Count()
    parameters = shown.Parts(PackParameter)
    sections = shown.Parts(PackSection)
    regulations = shown.Parts(PackRegulation)
    changes = shown.Parts(RulePackChange)
    makers = shown.Words()


class PackDifference(shown.Shown):
    kind = shown.Text(
        "version, effective_from, parameter, switch, rule_added, rule_removed, rule, definition, "
        "regulation, meaning, section, order"
    )
    name = shown.Text()
    before = shown.Text()
    after = shown.Text()
    zh = shown.Text("what the parameter means, or the rule says")
    en = shown.Text()


class PackDifferences(shown.Shown):
    against = shown.Text("as receipts name it")
    differences = shown.Parts(PackDifference)


class PackProblem(shown.Shown):
    where = shown.Text()
    zh = shown.Text()
    en = shown.Text()


class RulePackExport(shown.Shown):
    """What `pack check` and `--packs` read, years later."""

    edition = shown.Text()
    digest = shown.Text()
    file_name = shown.Text()
    pack_json = shown.Text("the file's content")


class RulePacksAsked(PageAsked):
    state = taken.Choice(*STATES)


class AgainstAsked(taken.Strict):
    against = taken.Id()


class RuleTaken(taken.Strict):
    section = taken.Id(required=True)
    rule = free.Free(required=True)


class PackEdited(taken.Strict):
    """What is not named stays; a document comes in the place of all that was there."""

    document = free.Free()
    parameters = free.Values()
    switches = free.Switches()
    rules = taken.Parts(RuleTaken, most=500)
    removed_rules = taken.Words(taken.Id(required=True), most=500)
    reason = taken.Name(longest=500)


class RulePackDrafted(PackEdited):
    """From a document, from a pack, or from the one in force on the first day."""

    edition = taken.Id()
    effective_from = taken.Day()
    base = taken.Id()


class RulePackChanged(PackEdited):
    edition = taken.Id()
    effective_from = taken.Day()
    follows = taken.Text(longest=500)
