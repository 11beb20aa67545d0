"""Decision records have numbers of their own, without gaps."""

from pathlib import Path

RECORDS = sorted((Path(__file__).parents[2] / "docs" / "decisions").glob("*.md"))


def test_each_number_is_given_once_and_none_is_left_out() -> None:
    assert [int(record.name[:4]) for record in RECORDS] == list(range(1, len(RECORDS) + 1))


def test_a_record_says_the_number_of_its_file() -> None:
    titles = {record.name: record.read_text(encoding="utf-8").splitlines()[0] for record in RECORDS}

    assert [
        name for name, title in titles.items() if not title.startswith(f"# {int(name[:4])}. ")
    ] == []
