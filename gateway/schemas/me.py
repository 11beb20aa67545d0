"""The caller, as the gateway knows them."""

from marshmallow import fields

from gateway.schemas import shown


class Me(shown.Shown):
    staff_id = shown.Id()
    system = shown.Text("set when the caller is a system")
    team_id = shown.Text()
    branch_id = shown.Text()
    roles = shown.Words()
    reach = shown.Text("none, own, team, branch, institution")
    sees = shown.Words()
    permissions = fields.List(fields.String(), required=True)
