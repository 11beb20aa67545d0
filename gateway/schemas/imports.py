"""Client books that are taken over."""

from gateway.schemas import shown, taken
from gateway.schemas.paging import PageAsked


class ImportResult(shown.Shown):
    customer_rows = shown.Count()
    customers = shown.Count()
    customers_created = shown.Count()
    customers_updated = shown.Count()
    customers_unchanged = shown.Count()
    duplicate_rows = shown.Count()
    rejected_rows = shown.Count()
    products = shown.Count()
    holdings = shown.Count()
    transactions = shown.Count()
    family_links = shown.Count()
    aum = shown.Amount()
    warnings = shown.Count()
    skipped_holdings = shown.Count()
    skipped_transactions = shown.Count()


class Import(shown.Shown):
    import_id = shown.Id()
    file_name = shown.Text()
    state = shown.Text("received, applied, refused")
    received_by = shown.Text()
    received_at = shown.Moment()
    finished_at = shown.Moment()
    reason_en = shown.Text()
    reason_zh = shown.Text()
    result = shown.Part(ImportResult)


class ImportStarted(shown.Shown):
    import_id = shown.Id()


class ImportRejection(shown.Shown):
    sheet = shown.Text()
    row = shown.Count()
    customer_no = shown.Text()
    severity = shown.Text("rejected, warning")
    code = shown.Text()
    en = shown.Text()
    zh = shown.Text()


class RejectionsAsked(PageAsked):
    severity = taken.Choice("rejected", "warning")


class FileNamed(taken.Strict):
    file_name = taken.Name(longest=200)
