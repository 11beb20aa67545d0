"""The institution's staff."""

from gateway.schemas import shown, taken

ROLES = (
    "adviser",
    "team_leader",
    "branch_manager",
    "compliance",
    "inspector",
    "service_desk",
    "operations",
    "management",
    "administrator",
    "auditor",
)


class Staff(shown.Shown):
    staff_id = shown.Id()
    name = shown.Text()
    roles = shown.Words()
    team_id = shown.Text()
    team_name = shown.Text()
    branch_id = shown.Text()
    branch_name = shown.Text()
    active = shown.Flag()


class StaffAsked(taken.Strict):
    role = taken.Choice(*ROLES)
    team_id = taken.Id()
    state = taken.Choice("active", "inactive")


class StaffTaken(taken.Strict):
    name = taken.Name(longest=100, required=True)
    roles = taken.Words(taken.Choice(*ROLES, required=True), required=True)
    team_id = taken.Id()
    team_name = taken.Name(longest=100)
    branch_id = taken.Id()
    branch_name = taken.Name(longest=100)
    active = taken.Flag(load_default=True, allow_none=False)


class StaffPut(shown.Shown):
    changed = shown.Flag()
    unserved_customers = shown.Count()
