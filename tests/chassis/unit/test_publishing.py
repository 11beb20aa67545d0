from types import SimpleNamespace

from chassis.patience import Patience
from chassis.publishing import Batch, Letter


def batch(first_tag: int, *ids: str) -> Batch:
    return Batch(first_tag, [Letter("", "q", b"", {"message_id": each}) for each in ids])


def test_one_answer_may_settle_several_letters() -> None:
    sent = batch(5, "a", "b", "c", "d")

    sent.accept(7, multiple=True)

    assert sent.answer().taken == {"a", "b", "c"}
    assert list(sent.open.values()) == ["d"]


def test_answers_come_in_any_order() -> None:
    sent = batch(1, "a", "b", "c")

    sent.accept(3, multiple=False)
    sent.refuse(2, multiple=True)

    assert sent.answer().taken == {"c"}
    assert sent.answer().refused == {"a", "b"}
    assert not sent.open


def test_what_comes_back_is_not_taken_though_it_was_accepted() -> None:
    sent = batch(1, "a", "b")

    sent.give_back(SimpleNamespace(properties={"message_id": "a"}))
    sent.accept(2, multiple=True)

    assert sent.answer().taken == {"b"}
    assert sent.answer().returned == {"a"}


def test_an_answer_to_an_earlier_batch_changes_nothing() -> None:
    sent = batch(5, "a")

    sent.accept(4, multiple=True)
    sent.accept(2, multiple=False)

    assert list(sent.open) == [5]


def test_pauses_grow_to_a_bound_and_start_over_after_a_success() -> None:
    patience = Patience(shortest=1, longest=5)

    assert [patience.pause() for _ in range(5)] == [1, 2, 4, 5, 5]
    patience.forget()
    assert patience.pause() == 1
