"""The demonstration, run into a ledger and into a folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from revlex.cli import main

DEMO = Path(__file__).parents[3] / "examples" / "demo"
SHOPS = ["boa-moda", "ipe-cafe", "krathong-living", "lotus-home", "sari-beauty", "turbo-gadgets"]


def ran(*options: str) -> None:
    done = CliRunner().invoke(
        main, ["run", str(DEMO), "--events", str(DEMO / "events.jsonl"), *options]
    )
    assert done.exit_code == 0, done.output


@pytest.fixture(scope="session")
def demo_ledger(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A ledger of the demonstration, to be read only."""
    name = str(tmp_path_factory.mktemp("timeline") / "demo.db")
    ran("--ledger", name)
    return name


@pytest.fixture(scope="session")
def demo_results(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of a run of the demonstration, with measures, to be read only."""
    name = str(tmp_path_factory.mktemp("timeline") / "demo")
    ran("--out", name, "--measures")
    return name


@pytest.fixture(params=SHOPS)
def shop(request: pytest.FixtureRequest) -> str:
    """Each shop of the demonstration."""
    name: str = request.param
    return name
