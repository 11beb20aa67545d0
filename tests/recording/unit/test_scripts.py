import pytest

from services.recording.adapters.scripts import ScriptFiles
from services.recording.domain.regime import ProductKind
from services.recording.domain.script import Script, script_for


def script(kind: ProductKind, line: str = "", design: str = "") -> Script:
    return script_for(ScriptFiles().built_in(kind), line, design)


def ids(nodes: Script) -> list[str]:
    return [node.node_id for node in nodes]


@pytest.mark.parametrize("kind", ProductKind)
def test_every_kind_of_product_has_a_script_that_covers_what_must_be_said(
    kind: ProductKind,
) -> None:
    nodes = script(kind, "life", "universal")

    assert {"identity", "consent", "product", "understanding", "signing"} <= set(ids(nodes))
    assert {"risks", "uncertainty"} & set(ids(nodes))
    assert len(set(ids(nodes))) == len(nodes)
    assert all(node.title_zh and node.title_en and node.say_zh for node in nodes)


@pytest.mark.parametrize("kind", ProductKind)
def test_consent_and_understanding_need_a_clear_yes(kind: ProductKind) -> None:
    required = {node.node_id for node in script(kind) if node.answer_required}

    assert {"consent", "understanding", "signing"} <= required


@pytest.mark.parametrize(
    ("line", "design", "more"),
    [
        ("life", "traditional", {"insured_consent"}),
        ("life", "participating", {"insured_consent", "uncertainty", "brochure"}),
        ("health", "traditional", {"health"}),
        ("property", "traditional", set()),
    ],
)
def test_insurance_is_asked_what_its_line_and_design_call_for(
    line: str, design: str, more: set[str]
) -> None:
    special = {"insured_consent", "uncertainty", "brochure", "health"}

    assert special & set(ids(script(ProductKind.INSURANCE, line, design))) == more
