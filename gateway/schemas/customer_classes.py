"""Customer class: what clients ask to be."""

from gateway.schemas import shown, taken

CLASSES = ("professional", "ordinary")
VERDICTS = ("accepted", "refused")
REFUSALS = (
    "means_not_shown",
    "experience_not_shown",
    "evidence_insufficient",
    "test_not_passed",
    "not_in_clients_interest",
)


class NewClassApplication(taken.Strict):
    """To be ordinary takes the application alone; to be professional, all (CUS-06, CUS-07)."""

    wanted = taken.Choice(*CLASSES, required=True)
    applied_on = taken.Day(required=True)
    risk_statement_on = taken.Day()
    means_evidence_on = taken.Day()
    tested_on = taken.Day()
    duties_explained_on = taken.Day()


class ClassDecision(taken.Strict):
    verdict = taken.Choice(*VERDICTS, required=True)
    reason = taken.Choice(*REFUSALS)


class ClassApplication(shown.Shown):
    application_id = shown.Id()
    customer_id = shown.Id()
    wanted = shown.Text("professional, ordinary")
    state = shown.Text("open, accepted, refused, withdrawn")
    in_force = shown.Flag()
    applied_on = shown.Day("the application in writing")
    risk_statement_on = shown.Day("the client's statement that they bear the risks")
    means_evidence_on = shown.Day("evidence of assets or income, and of experience")
    tested_on = shown.Day("a test of knowledge, or a mock trade")
    duties_explained_on = shown.Day("what is owed to a professional no longer")
    entered_by = shown.Text("a member of staff, or the client's channel")
    entered_through = shown.Text("client_channel, staff")
    entered_at = shown.Moment()
    reason = shown.Text("of a refusal")
    decided_by = shown.Text("null when it was the client's right")
    decided_at = shown.Moment()
