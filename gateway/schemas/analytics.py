"""What management sees."""

from gateway.schemas import shown, taken
from gateway.schemas.paging import PageAsked


class Freshness(shown.Shown):
    last_event_at = shown.Moment()
    events_applied = shown.Count()


class AumRow(shown.Shown):
    month = shown.Text("such as 2026-11")
    team_id = shown.Text()
    team_name = shown.Text()
    aum = shown.Amount()
    net_subscriptions = shown.Amount()
    customers = shown.Count()


class FunnelStage(shown.Shown):
    stage = shown.Text()
    count = shown.Count()
    amount = shown.Amount()
    from_previous = shown.Text("share of the stage before")


class ProductSalesRow(shown.Shown):
    product_id = shown.Id()
    product_name = shown.Text()
    kind = shown.Text()
    confirmed = shown.Count()
    amount = shown.Amount()
    rescinded = shown.Count()
    rescinded_amount = shown.Amount()


class AdviserRow(shown.Shown):
    rank = shown.Count()
    adviser_id = shown.Id()
    adviser_name = shown.Text()
    team_id = shown.Text()
    team_name = shown.Text()
    aum = shown.Amount()
    customers = shown.Count()
    sales = shown.Count()
    sales_amount = shown.Amount()


class MonthsAsked(taken.Strict):
    from_month = taken.Month()
    to_month = taken.Month()
    team_id = taken.Id()


class ProductSalesAsked(PageAsked):
    from_month = taken.Month()
    to_month = taken.Month()
    team_id = taken.Id()


class RankingAsked(PageAsked):
    from_month = taken.Month()
    to_month = taken.Month()
    team_id = taken.Id()
    by = taken.Choice("aum", "sales", "customers")
