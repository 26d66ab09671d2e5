"""A real PostgreSQL server for the tests that need one, from Debian's package, gone when they end.

A test module that wants it says ``pytest_plugins = ["tests.surroundings.postgresql"]``.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cached_property
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import make_url

from archive.catalogue.catalogue import Catalogue
from tests.surroundings.new_catalogue import put_new_catalogue

_PROGRAMS = Path("/usr/lib/postgresql")
_USER = "terugblik"


class PostgresqlServer:
    """A server in a folder of its own, reached over a socket in that folder and nowhere else."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        # Short and of its own, because the path of a Unix socket may have 107 characters.
        self.folder = Path(tempfile.mkdtemp(prefix="terugblik-pg-"))
        # PostgreSQL refuses to run as root; Debian's package makes this user for it.
        self._owner = "postgres" if os.geteuid() == 0 else None
        if self._owner:
            shutil.chown(self.folder, self._owner)
        self._databases = count(1)

    def start(self) -> None:
        """Make the cluster and start the server; its writes need not survive a loss of power."""
        data = str(self.folder / "data")
        self._run(["initdb", "-D", data, "-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"])
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off"
        self._run(["pg_ctl", "start", "-w", "-s", "-D", data, "-l", str(self.folder / "log"), "-o", options])

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        try:
            self._run(["pg_ctl", "stop", "-s", "-m", "immediate", "-D", str(self.folder / "data")])
        finally:
            shutil.rmtree(self.folder)

    def new_database(self, template: str = "template1") -> str:
        """The address of a new database, empty or a copy of the one with the name `template`."""
        name = f"archive_{next(self._databases)}"
        with psycopg.connect(
            host=str(self.folder), user=_USER, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return f"postgresql+psycopg://{_USER}@/{name}?host={quote(str(self.folder), safe='')}"

    def new_catalogue(self) -> str:
        """The address of a new catalogue, copied from one that is made once."""
        return self.new_database(self._catalogue)

    @cached_property
    def _catalogue(self) -> str:
        """The name of a database with a catalogue without documents."""
        url = self.new_database()
        Catalogue.open(url).close()
        return str(make_url(url).database)

    def _run(self, command: list[str]) -> None:
        program, *arguments = command
        outcome = subprocess.run(
            [self._programs / program, *arguments],
            user=self._owner,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
        )
        assert outcome.returncode == 0, outcome.stdout


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """The server, started once for all tests; they are skipped where PostgreSQL is not installed."""
    versions = sorted(_PROGRAMS.glob("*/bin"), key=lambda programs: int(programs.parent.name))
    if not versions or not (versions[-1] / "initdb").exists():
        pytest.skip("PostgreSQL is not installed (Debian's package is named postgresql)")
    server = PostgresqlServer(versions[-1])
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def catalogue_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database: every test that takes it runs over both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    server: PostgresqlServer = request.getfixturevalue("postgresql_server")
    return server.new_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_catalogue_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a catalogue without documents, for tests that do not look at how one is made: over both
    kinds of database."""
    if request.param == "sqlite":
        file = tmp_path / "catalogue.sqlite"
        put_new_catalogue(file)
        return f"sqlite:///{file}"
    server: PostgresqlServer = request.getfixturevalue("postgresql_server")
    return server.new_catalogue()
