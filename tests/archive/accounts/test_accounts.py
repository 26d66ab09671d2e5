"""Accounts: who may sign in as archivist."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from archive.accounts.accounts import Accounts
from archive.catalogue.catalogue import Catalogue
from archive.errors import UsageError

pytest_plugins = ["tests.surroundings.postgresql"]

PASSWORD = "vier gewone woorden hier"


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue.open(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as opened:
        yield opened


def test_accounts_are_kept_by_either_database(catalogue_url: str) -> None:
    with Catalogue.open(catalogue_url) as catalogue:
        accounts = Accounts(catalogue)
        accounts.add("marie", PASSWORD)
        assert accounts.verify("marie", PASSWORD)
        assert not accounts.verify("mar\x00ie", PASSWORD)
        with pytest.raises(UsageError):
            accounts.add("marie", PASSWORD)


def test_only_the_right_name_with_its_password_is_let_in(catalogue: Catalogue) -> None:
    accounts = Accounts(catalogue)
    accounts.add("marie", PASSWORD)
    accounts.add("jan.de-vos@example", PASSWORD + "2")
    assert [account.name for account in accounts.all()] == ["jan.de-vos@example", "marie"]
    assert accounts.verify("marie", PASSWORD)
    for name, password in (
        ("marie", PASSWORD + "2"),
        ("Marie", PASSWORD),
        ("nobody", PASSWORD),
        ("mar\x00ie", PASSWORD),
        ("\udcff", "\udcff"),
        ("marie", "x" * 1_000_000),
    ):
        assert not accounts.verify(name, password)


def test_passwords_are_kept_as_argon2_hashes_only(catalogue: Catalogue) -> None:
    Accounts(catalogue).add("marie", PASSWORD)
    with catalogue.database.reading() as connection:
        (kept,) = connection.execute(text("SELECT password FROM accounts")).scalars()
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


def test_a_hash_made_with_weaker_parameters_is_renewed(catalogue: Catalogue) -> None:
    from argon2 import PasswordHasher

    accounts = Accounts(catalogue)
    accounts.add("marie", PASSWORD)
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with catalogue.database.writing() as connection:
        connection.execute(text("UPDATE accounts SET password = :weak"), {"weak": weak})
    assert accounts.sign_in("marie", PASSWORD)
    with catalogue.database.reading() as connection:
        (kept,) = connection.execute(text("SELECT password FROM accounts")).scalars()
    assert kept != weak
    assert accounts.verify("marie", PASSWORD)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("", PASSWORD),
        ("a b", PASSWORD),
        ("-a", PASSWORD),
        ("x" * 65, PASSWORD),
        ("a\x00", PASSWORD),
        ("marie", "te kort"),
        ("marie", "x" * 1001),
    ],
)
def test_names_and_passwords_that_cannot_be_are_refused(
    catalogue: Catalogue, name: str, password: str
) -> None:
    accounts = Accounts(catalogue)
    with pytest.raises(UsageError):
        accounts.add(name, password)
    assert accounts.all() == []


def test_a_password_is_known_however_its_letters_are_composed(catalogue: Catalogue) -> None:
    accounts = Accounts(catalogue)
    accounts.add("marie", "un caf\u00e9 bien serr\u00e9")
    assert accounts.verify("marie", "un cafe\u0301 bien serre\u0301")


def test_the_longest_password_is_read_to_its_end(catalogue: Catalogue) -> None:
    accounts = Accounts(catalogue)
    accounts.add("marie", "x" * 1000)
    assert accounts.verify("marie", "x" * 1000)
    assert not accounts.verify("marie", "x" * 1001)


def test_a_name_is_given_once(catalogue: Catalogue) -> None:
    accounts = Accounts(catalogue)
    accounts.add("marie", PASSWORD)
    with pytest.raises(UsageError):
        accounts.add("marie", "een heel ander wachtwoord")
    assert accounts.verify("marie", PASSWORD)
