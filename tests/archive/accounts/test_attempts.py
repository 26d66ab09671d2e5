"""Attempts to sign in: counted for all processes, by name and address, and forgotten after a while."""

import threading
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update

from archive.accounts.attempts import Attempts
from archive.catalogue.catalogue import Catalogue
from archive.database import tables

pytest_plugins = ["tests.surroundings.postgresql"]

HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"


def put_back(catalogue: Catalogue, **by: float) -> None:
    """Make all attempts older."""
    table = tables.sign_in_attempts
    with catalogue.database.writing() as connection:
        for row in connection.execute(select(table.c.id, table.c.at)).all():
            older = row.at - timedelta(**by)
            connection.execute(update(table).where(table.c.id == row.id).values(at=older))


def kept(catalogue: Catalogue) -> int:
    with catalogue.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(tables.sign_in_attempts)).scalar_one()


def test_guessing_a_password_is_stopped_in_every_process(catalogue_url: str) -> None:
    with Catalogue.open(catalogue_url) as one, Catalogue.open(catalogue_url) as other:
        for attempts in (Attempts(one), Attempts(other)) * 2:
            assert attempts.begin("ann", HERE) == 0
        assert Attempts(one).begin("Ann", HERE) == 0, "the fifth, however the name is written"
        assert 890 <= Attempts(other).begin("ann", HERE) <= 901
        assert Attempts(other).begin("ann", ELSEWHERE) == 0, "nobody locks a colleague out from elsewhere"
        put_back(one, minutes=14)
        assert 30 <= Attempts(one).begin("ann", HERE) <= 61, "until the first of them is forgotten"
        put_back(one, minutes=2)
        assert Attempts(one).begin("ann", HERE) == 0
        assert kept(one) == 1, "old rows are gone"


def test_guessing_many_names_from_one_address_is_stopped(catalogue_url: str) -> None:
    with Catalogue.open(catalogue_url) as catalogue:
        attempts = Attempts(catalogue)
        for number in range(20):
            assert attempts.begin(f"name{number}", HERE) == 0
        assert attempts.begin("name20", HERE) > 0
        assert attempts.begin("name20", ELSEWHERE) == 0
        attempts.succeeded("name3", HERE)
        assert attempts.begin("name20", HERE) == 0, "of the twenty one was no guess"
        assert attempts.begin("name21", HERE) > 0, "the others still count"


def test_a_success_wipes_the_slate(catalogue_url: str) -> None:
    with Catalogue.open(catalogue_url) as catalogue:
        attempts = Attempts(catalogue)
        for _ in range(12):
            assert attempts.begin("ann", HERE) == 0
            attempts.succeeded("ann", HERE)
        assert kept(catalogue) == 0


def test_attempts_at_the_same_moment_count_too(catalogue_url: str) -> None:
    told: list[int] = []
    with Catalogue.open(catalogue_url) as one, Catalogue.open(catalogue_url) as other:

        def guess(catalogue: Catalogue) -> None:
            told.append(Attempts(catalogue).begin("ann", HERE))

        threads = [threading.Thread(target=guess, args=(catalogue,)) for catalogue in (one, other) * 6]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(seconds == 0 for seconds in told) == 5


def test_what_is_kept_names_nobody_and_is_bounded(catalogue_url: str) -> None:
    with Catalogue.open(catalogue_url) as catalogue:
        attempts = Attempts(catalogue)
        attempts.begin("my password, by mistake", HERE)
        with catalogue.database.writing() as connection:
            (row,) = connection.execute(select(tables.sign_in_attempts)).all()
            assert "password" not in str(row)
            many = [{**row._asdict(), "id": row.id + number} for number in range(1, 10_001)]
            connection.execute(tables.sign_in_attempts.insert(), many)
            connection.execute(
                update(tables.sign_in_attempts).values(at=datetime.now(UTC), address=ELSEWHERE)
            )
        with catalogue.database.writing() as connection:
            newest = select(func.max(tables.sign_in_attempts.c.id))
            if connection.dialect.name == "postgresql":
                setval = func.setval("sign_in_attempts_id_seq", newest.scalar_subquery())
                connection.execute(select(setval))
        attempts.begin("ann", HERE)
        assert kept(catalogue) == 10_000


def test_a_clock_that_was_wrong_locks_nobody_out(catalogue_url: str) -> None:
    with Catalogue.open(catalogue_url) as catalogue:
        attempts = Attempts(catalogue)
        for _ in range(5):
            attempts.begin("ann", HERE)
        put_back(catalogue, days=-30)
        assert attempts.begin("ann", HERE) == 0
