"""Ledgers to test with: a file, and a PostgreSQL server that the tests start and stop."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

PLACES = [*Path("/usr/lib/postgresql").glob("*/bin"), Path("/opt/homebrew/bin")]


def binary(name: str) -> str | None:
    """A program of PostgreSQL, wherever systems put it."""
    return shutil.which(name) or next((str(p / name) for p in PLACES if (p / name).exists()), None)


def owner() -> str | None:
    """Who the server runs as: it refuses to be root."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server on this machine, without a database."""
    initdb, control = binary("initdb"), binary("pg_ctl")
    if initdb is None or control is None:
        pytest.skip("PostgreSQL is not installed, so its ledgers are not tested")
    with tempfile.TemporaryDirectory(prefix="revlex-postgres-") as name:
        yield from served(Path(name), initdb, control)


def served(folder: Path, initdb: str, control: str) -> Iterator[str]:
    """Start a server in a folder, give its address, and stop it."""
    folder.chmod(0o755)
    user = owner()
    if user is not None:
        shutil.chown(folder, user)
    port, data = free_port(), folder / "data"

    def run(*command: str | Path) -> None:
        with (folder / "said").open("ab") as said:
            subprocess.run(  # noqa: S603  # our own words
                command, check=True, user=user, cwd=folder, timeout=120, stdout=said, stderr=said
            )

    run(initdb, "-A", "trust", "-U", "revlex", "-D", data, "-N")
    options = f"-h 127.0.0.1 -p {port} -k '' -c fsync=off"
    run(control, "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
    yield f"postgresql+psycopg://revlex@127.0.0.1:{port}"
    run(control, "-D", data, "-m", "fast", "-w", "stop")


@pytest.fixture
def own_server() -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of a PostgreSQL server of one test, and what makes it crash and come back."""
    initdb, control = binary("initdb"), binary("pg_ctl")
    if initdb is None or control is None:
        pytest.skip("PostgreSQL is not installed, so its ledgers are not tested")
    with tempfile.TemporaryDirectory(prefix="revlex-postgres-") as name:
        folder = Path(name)
        command = [control, "-D", folder / "data", "-l", folder / "log", "-w"]

        def restart() -> None:
            with (folder / "said").open("ab") as said:
                subprocess.run(  # noqa: S603  # our own words
                    [*command, "-m", "immediate", "restart"],
                    check=True,
                    user=owner(),
                    cwd=folder,
                    timeout=120,
                    stdout=said,
                    stderr=said,
                )

        for address in served(folder, initdb, control):
            yield address, restart


@pytest.fixture(params=["file", "server"])
def new_ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Gives the name of another ledger that is not there yet at each call."""
    made: list[str] = []
    address: str | None = request.getfixturevalue("server") if request.param == "server" else None

    def make() -> str:
        if address is None:
            made.append(str(tmp_path / f"ledger{len(made)}.db"))
            return made[-1]
        name = f"l{os.getpid()}_{abs(hash(request.node.name)) % 10**8}_{len(made)}"
        engine: Any = create_engine(f"{address}/postgres", isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        made.append(f"{address.replace('+psycopg', '')}/{name}")
        return made[-1]

    return make
