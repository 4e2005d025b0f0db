"""What all tests share: goldens with one switch, and patience with slow machines.

`pytest --rewrite` writes the goldens and the generated documents anew instead of comparing with
them; the difference is then reviewed like code.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

GOLDENS = Path(__file__).parent / "goldens"

# Time says nothing on a shared machine, and a test that fails should fail for everyone.
settings.register_profile("revlex", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None)  # other examples every time: `make explore`
settings.load_profile("revlex")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite",
        action="store_true",
        help="write goldens and generated documents anew instead of comparing with them",
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Compare a text with `goldens/<module>/<test>.txt`, or write it there under `--rewrite`."""
    test = re.sub(r"\W+", "-", request.node.name.removeprefix("test_")).strip("-")
    file = GOLDENS / request.path.stem.removeprefix("test_") / f"{test}.txt"

    def compare(text: str) -> None:
        if request.config.getoption("--rewrite"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode("utf-8"))
        assert file.exists(), f"no golden for this test yet; write it with --rewrite: {file}"
        assert text == file.read_bytes().decode("utf-8")

    return compare
