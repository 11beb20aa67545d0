"""Keys of personal data change while the service is running, and nothing is lost."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from chassis.database import engine
from chassis.sealing.algorithm import Algorithm
from chassis.sealing.command import run
from chassis.sealing.data_keys import FirstKey
from chassis.sealing.unreadable import UNREADABLE, Unreadable
from services.customer.adapters import tables
from services.customer.adapters.sealed_columns import SEALED
from services.customer.adapters.sealing import place_of
from tests.customer.integration.customers import add, customer
from tests.customer.integration.stores import SEALER, emptied, migrated, sql_begin
from tests.customer.integration.vault import M1, M2, Vault
from tests.patience import until

HERE = place_of("c-1", "name")


@pytest.fixture(scope="module")
def bound(create_database: Callable[[str], str]) -> Iterator[sa.Engine]:
    bound = engine(migrated(create_database("customer_keys")))
    yield bound
    bound.dispose()


@pytest.fixture
def vault(bound: sa.Engine) -> Vault:
    made = Vault(bound)
    made.fill()
    return made


def test_what_was_sealed_before_there_were_data_keys_stays_readable(bound: sa.Engine) -> None:
    emptied(bound)
    add(sql_begin(bound), customer())

    vault = Vault(bound)

    with vault.begin() as work:
        assert work.customers.get("c-1").person == customer().person
    assert vault.sealer.current_key == "k1"
    assert SEALER.open(vault.sealer.seal("林安达", HERE), HERE) == "林安达"


def test_without_the_key_from_before_nothing_new_is_sealed(
    bound: sa.Engine, caplog: pytest.LogCaptureFixture
) -> None:
    emptied(bound)
    add(sql_begin(bound), customer())

    with pytest.raises(Unreadable):
        Vault(bound, first=None).sealer.seal("林安达", HERE)

    assert "field_key" in caplog.text
    assert "林安达" not in caplog.text


def test_processes_that_start_together_agree_on_the_first_key(bound: sa.Engine) -> None:
    emptied(bound)
    processes = [Vault(bound, first=None) for _ in range(6)]

    with ThreadPoolExecutor(6) as together:
        sealed = list(together.map(lambda each: each.sealer.seal("林安达", HERE), processes))

    assert {processes[0].sealer.open(each, HERE) for each in sealed} == {"林安达"}
    assert [key.key_id for key in processes[0].keys.all()] == ["k1"]


def test_a_running_process_takes_up_a_new_key_within_seconds(vault: Vault) -> None:
    running = Vault(vault.engine)
    before = running.sealer.seal("林安达", HERE)

    run(["rotate"], vault.desk)

    until("the new key", lambda: running.sealer.current_key == "k2", seconds=3)
    assert running.sealer.seal("林安达", HERE).startswith("k2.")
    assert running.sealer.open(before, HERE) == "林安达"


def test_a_key_made_elsewhere_a_moment_ago_opens_at_once(vault: Vault) -> None:
    running = Vault(vault.engine)
    running.sealer.seal("x", HERE)
    vault.keys.rotate()

    sealed = Vault(vault.engine).sealer.seal("林安达", HERE)

    assert sealed.startswith("k2.")
    assert running.sealer.open(sealed, HERE) == "林安达"


def test_a_key_that_is_not_there_is_named_to_the_operator(
    vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    before = UNREADABLE.labels("k77")._value.get()

    with pytest.raises(Unreadable) as refused:
        vault.sealer.open("k77.AAAA", HERE)

    assert refused.value.code == "sealed_unreadable"
    assert "k77" in caplog.text
    assert HERE in caplog.text
    assert UNREADABLE.labels("k77")._value.get() == before + 1


def test_every_sealed_column_is_sealed_anew() -> None:
    covered = {each.column for of in SEALED for each in of.columns}

    sealed = {
        column
        for table in tables.metadata.tables.values()
        if table is not tables.answers  # sealed with keys that callers hold, for a day
        for column in table.columns
        if column.name.endswith("_sealed")
    }
    assert sealed == covered


@pytest.mark.parametrize("algorithm", Algorithm)
def test_resealing_leaves_nothing_under_the_old_key(bound: sa.Engine, algorithm: Algorithm) -> None:
    Vault(bound).fill(count=3)
    vault = Vault(bound, algorithm=algorithm)
    run(["rotate"], vault.desk)
    versions = [row.version for row in vault.rows()]
    before = vault.uses()

    anew = Vault(bound, algorithm=algorithm)
    assert run(["reseal"], anew.desk) == 0

    assert before == {"k1": 20}
    assert anew.uses() == {"k2": 20}
    assert [row.version for row in anew.rows()] == versions
    anew.check_all_is_readable()


def test_resealing_is_no_conflict_for_who_read_the_customer_before(vault: Vault) -> None:
    vault.keys.rotate()

    with vault.begin() as work:
        read = work.customers.get("c-1")
        Vault(vault.engine).resealing.run()
        read.tags = ("changed",)
        work.customers.save(read)
        work.commit()

    vault.check_all_is_readable()
    assert vault.rows()[0].tags == ["changed"]


def test_a_row_that_somebody_works_on_is_left_for_later(vault: Vault) -> None:
    vault.keys.rotate()
    resealing = Vault(vault.engine).resealing

    with vault.engine.connect() as other:
        other.execute(sa.select(tables.customers).with_for_update())
        resealing.run()
        assert resealing.left() == 1

    resealing.run()
    assert resealing.left() == 0


def test_a_text_that_was_tampered_with_is_named_and_left(vault: Vault) -> None:
    vault.keys.rotate()
    with vault.engine.begin() as connection:
        connection.execute(tables.import_files.update().values(content_sealed=b"k1.tampered"))

    resealing = Vault(vault.engine)
    resealing.resealing.run()

    assert resealing.resealing.left() == 1
    assert [each for each in resealing.said if "cannot be opened" in each] == [
        "import_files i-1: cannot be opened, and stays as it is"
    ]


def test_what_was_once_in_clear_is_sealed(vault: Vault) -> None:
    with vault.engine.begin() as connection:
        connection.execute(
            tables.customers.update().values(kyc_reason="林安达 lied", kyc_reason_sealed="")
        )
    assert vault.uses()[""] == 1

    vault.resealing.run()

    row = vault.rows()[0]
    assert row.kyc_reason == ""
    assert vault.sealer.open(row.kyc_reason_sealed, place_of("c-1", "kyc_reason")) == "林安达 lied"
    assert "" not in vault.uses()


def test_a_file_name_from_before_is_shown_and_then_sealed(vault: Vault) -> None:
    with vault.engine.begin() as connection:
        connection.execute(
            tables.imports.update().values(file_name="林安达.xlsx", file_name_sealed="")
        )
    with vault.begin() as work:
        assert work.imports.get("i-1").file_name == "林安达.xlsx"

    vault.resealing.run()

    assert vault.rows(tables.imports)[0].file_name == ""
    with vault.begin() as work:
        assert work.imports.get("i-1").file_name == "林安达.xlsx"


def test_a_key_is_retired_only_when_nothing_can_use_it(
    vault: Vault, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["retire", "k1"], vault.desk) == 1
    run(["rotate"], vault.desk)
    assert run(["retire", "k1"], vault.desk) == 1
    vault.age(timedelta(hours=1))
    assert run(["retire", "k1"], vault.desk) == 1
    assert run(["retire", "k9"], vault.desk) == 1
    anew = Vault(vault.engine)
    assert run(["reseal"], anew.desk) == 0
    assert run(["retire", "k1"], anew.desk) == 0

    said = capsys.readouterr().out
    for reason in ("current one", "wait 0:02:00", "10 texts are sealed", "no such key"):
        assert reason in said
    assert run(["list"], anew.desk) == 0
    listed = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [(line[0], line[4], line[5].split()[0]) for line in listed] == [
        ("k1", "0 sealed", "retired"),
        ("k2", "10 sealed", "current"),
    ]


def test_a_retired_key_still_opens_a_backup(vault: Vault) -> None:
    old = vault.sealer.seal("林安达", HERE)
    vault.keys.rotate()
    vault.keys.retire("k1")

    assert Vault(vault.engine).sealer.open(old, HERE) == "林安达"


def test_the_master_key_is_changed_without_touching_what_is_sealed(vault: Vault) -> None:
    vault.keys.rotate()
    before = vault.rows()
    both = Vault(vault.engine, {"m2": M2, "m1": M1})
    both.check_all_is_readable()

    assert run(["rewrap"], both.desk) == 0

    assert {key.kek_id for key in vault.keys.all()} == {"m2"}
    assert vault.rows() == before
    Vault(vault.engine, {"m2": M2}).check_all_is_readable()
    with pytest.raises(Unreadable):
        Vault(vault.engine, {"m1": M1}).check_all_is_readable()


def test_data_keys_can_be_wrapped_by_sm4(bound: sa.Engine) -> None:
    emptied(bound)
    sm4 = Vault(bound, {"m1": b"4" * 16}, algorithm=Algorithm.SM4_GCM, first=None)

    sm4.fill()

    sm4.check_all_is_readable()
    assert sm4.keys.all()[0].algorithm == "sm4-gcm"


def test_no_key_rests_in_clear(vault: Vault) -> None:
    vault.keys.rotate()

    for row in vault.rows(tables.data_keys):
        key = vault.keys.all()[0]
        assert FirstKey("k1", bytes(32)).key not in bytes(row.wrapped)
        assert len(row.wrapped) == 12 + Algorithm(key.algorithm).key_bytes + 16
