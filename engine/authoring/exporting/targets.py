"""Where an export is written to: a file that appears when it is whole, or standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ..batch import APPEALS, DECISIONS
from .problems import ExportProblem

STANDARD_OUTPUT = "-"


@contextmanager
def writing_to(out: str) -> Iterator[IO[bytes]]:
    """A stream to write to; a file takes the place of an older one once all is written.

    What is there and is no file, such as a device, is written to as it is.

    Raises:
        OSError: The file cannot be written.
    """
    if out == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(out).resolve()  # through a link, it is the file behind it that is replaced
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    replaces = path.is_file() or not path.exists()
    try:
        with (beside if replaces else path).open("wb") as file:
            yield file
            file.flush()
            if replaces:
                os.fsync(file.fileno())
        if replaces:
            beside.replace(path)
    except OSError as error:
        if error.filename in {None, str(beside)}:
            error.filename, error.filename2 = out, None
        raise
    finally:
        beside.unlink(missing_ok=True)


def check_targets(source: str, *targets: str | None) -> None:
    """Refuse to write over what is read, or to one file twice.

    Raises:
        ExportProblem: Two names are of one file.
    """
    read = [Path(source), *(Path(source) / name for name in (DECISIONS, APPEALS))]
    seen = {path.resolve() for path in read if path.is_file()}
    for target in targets:
        if target is None or target == STANDARD_OUTPUT:
            continue
        path = Path(target).resolve()
        if path in seen:
            raise ExportProblem(f"{target} would be written over", "name another file")
        if not path.exists() or path.is_file():
            seen.add(path)
