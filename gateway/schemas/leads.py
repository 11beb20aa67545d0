"""Leads 线索."""

from gateway.schemas import shown, taken
from gateway.schemas.paging import PageAsked, sorted_by

STATES = ("new", "assigned", "contacted", "qualified", "dropped")


class LeadContact(shown.Shown):
    contact_channel = shown.Text("phone, visit, message")
    note = shown.Text()
    by = shown.Text()
    at = shown.Moment()


class Lead(shown.Shown):
    lead_id = shown.Id()
    customer_id = shown.Id()
    state = shown.Text(", ".join(STATES))
    source = shown.Text("campaign, referral, walk_in")
    campaign = shown.Text()
    adviser_id = shown.Text()
    team_id = shown.Text()
    contacts = shown.Parts(LeadContact)
    dropped_reason = shown.Text()
    version = shown.Count()
    created_at = shown.Moment()
    updated_at = shown.Moment()


class LeadsAsked(PageAsked):
    sort = sorted_by("created_at")
    state = taken.Choice(*STATES)
    adviser_id = taken.Id()
    team_id = taken.Id()


class NewLead(taken.Strict):
    name = taken.Name(longest=100, required=True)
    phone = taken.Name(longest=32, required=True)
    source = taken.Choice("campaign", "referral", "walk_in", required=True)
    campaign = taken.Name(longest=100)


class Assignment(taken.Strict):
    adviser_id = taken.Id(required=True)


class Contact(taken.Strict):
    contact_channel = taken.Choice("phone", "visit", "message", required=True)
    note = taken.Name(longest=1000)


class Drop(taken.Strict):
    reason = taken.Name(longest=500, required=True)
