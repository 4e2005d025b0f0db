"""What the command line does when nobody reads what it writes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECK = [sys.executable, "-m", "revlex.cli", "explain-code", "E301"]


def test_a_reader_that_goes_away_is_no_failure() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(CHECK, stdout=writing, stderr=subprocess.PIPE, check=False)  # noqa: S603  # our own command
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(CHECK, stdout=full, stderr=subprocess.PIPE, check=False)  # noqa: S603  # our own command
    assert done.returncode == 2
    assert b"no space left" in done.stderr
    assert b"Traceback" not in done.stderr
