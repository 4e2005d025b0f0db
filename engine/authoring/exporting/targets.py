"""Where an export is written to: a file that appears when it is whole, or standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

STANDARD_OUTPUT = "-"


@contextmanager
def writing_to(out: str) -> Iterator[IO[bytes]]:
    """A stream to write to; a file takes the place of an older one once all is written.

    What is there and is no file, such as a pipe, is written to as it is.

    Raises:
        OSError: The file cannot be written.
    """
    if out == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(out)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    replaces = path.is_file() or not path.exists()
    try:
        with (beside if replaces else path).open("wb") as file:
            yield file
            file.flush()
            if replaces:
                os.fsync(file.fileno())
                beside.replace(path)
    except OSError as error:
        if error.filename in (None, str(beside)):
            error.filename, error.filename2 = out, None
        raise
    finally:
        beside.unlink(missing_ok=True)
