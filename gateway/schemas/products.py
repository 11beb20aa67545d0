"""The catalogue."""

from gateway.schemas import shown, taken
from gateway.schemas.paging import PageAsked

KINDS = (
    "bank_wealth",
    "public_fund",
    "private_fund",
    "collective_trust",
    "securities_am_plan",
    "insurance",
)
ASSET_CLASSES = ("fixed_income", "mixed", "equity", "commodity_derivatives")
LEVELS = ("R1", "R2", "R3", "R4", "R5")


class InsuranceTerms(shown.Shown):
    line = shown.Text("life, health, property, group")
    design = shown.Text("traditional, participating, universal, unit_linked, variable_annuity")
    term_years = shown.Count()
    pay_years = shown.Count()


class ScriptNode(shown.Shown):
    node_id = shown.Id()
    title_zh = shown.Text()
    title_en = shown.Text()
    say_zh = shown.Text()
    answer_required = shown.Flag()


class Product(shown.Shown):
    product_id = shown.Id()
    name = shown.Text()
    kind = shown.Text(", ".join(KINDS))
    placement = shown.Text("public, private")
    asset_class = shown.Text(", ".join(ASSET_CLASSES))
    issuer_level = shown.Text()
    seller_level = shown.Text()
    effective_level = shown.Text("the higher of the two")
    minimum_amount = shown.Amount()
    matures_on = shown.Day()
    nav = shown.Amount()
    nav_as_of = shown.Day()
    cooling_off_hours = shown.Text("whole hours")
    insurance = shown.Part(InsuranceTerms)
    script = shown.Parts(ScriptNode)
    state = shown.Text("listed, suspended, delisted")
    version = shown.Count()
    updated_at = shown.Moment()


class Rating(shown.Shown):
    issuer_level = shown.Text()
    seller_level = shown.Text()
    effective_level = shown.Text()
    reason = shown.Text()
    rated_by = shown.Text()
    at = shown.Moment()


class ProductView(shown.Shown):
    product = shown.Part(Product)
    ratings = shown.Parts(Rating)


class ProductsAsked(PageAsked):
    sort = taken.Choice("product_id", "-product_id", "name", "minimum_amount", "-minimum_amount")
    kind = taken.Choice(*KINDS)
    level = taken.Choice(*LEVELS)
    state = taken.Choice("listed", "suspended", "delisted")
    q = taken.Name(longest=100)


class InsuranceTermsTaken(taken.Strict):
    line = taken.Choice("life", "health", "property", "group", required=True)
    design = taken.Choice(
        "traditional",
        "participating",
        "universal",
        "unit_linked",
        "variable_annuity",
        required=True,
    )
    term_years = taken.Count(0, 150)
    pay_years = taken.Count(0, 150)


class ScriptNodeTaken(taken.Strict):
    node_id = taken.Id(required=True)
    title_zh = taken.Name(longest=100, required=True)
    title_en = taken.Name(longest=200)
    say_zh = taken.Name(longest=2000, required=True)
    answer_required = taken.Flag()


class ProductTaken(taken.Strict):
    """Levels count only when the product is new; later they change by rating."""

    name = taken.Name(longest=100, required=True)
    kind = taken.Choice(*KINDS, required=True)
    placement = taken.Choice("public", "private")
    asset_class = taken.Choice(*ASSET_CLASSES)
    issuer_level = taken.Choice(*LEVELS)
    seller_level = taken.Choice(*LEVELS)
    minimum_amount = taken.Amount()
    matures_on = taken.Day()
    cooling_off_hours = taken.Digits()
    insurance = taken.Part(InsuranceTermsTaken)
    script = taken.Parts(ScriptNodeTaken, most=100)
    state = taken.Choice("listed", "suspended", "delisted")


class RatingTaken(taken.Strict):
    issuer_level = taken.Choice(*LEVELS)
    seller_level = taken.Choice(*LEVELS)
    reason = taken.Name(longest=500, required=True)


class NavTaken(taken.Strict):
    nav = taken.Amount(required=True)
    as_of = taken.Day(required=True)


class NavPoint(shown.Shown):
    as_of = shown.Day()
    nav = shown.Amount()
