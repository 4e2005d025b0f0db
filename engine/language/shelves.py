"""Where the files of packs are found: of the one that is compiled, and of those that it extends."""

from __future__ import annotations

import os.path
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from .diagnostics import Report
from .reader import read_file
from .source import Source

NOT_POLICY = frozenset({"cases.yaml", "mapping.yaml"})
"""Files of a pack's folder that are no part of the policy itself."""


def pack_files(path: Path) -> list[Path]:
    """The policy files of a pack: the path itself, or the YAML files right in a folder, by name."""
    if not path.is_dir():
        return [path]
    found = [*path.glob("*.yaml"), *path.glob("*.yml")]
    return sorted(file for file in found if file.name not in NOT_POLICY)


class Shelf(Protocol):
    """Where a pack that is extended is looked for; paths are seen from the pack on top."""

    def find(self, path: str, report: Report) -> Sequence[Source | None] | None:
        """The files of the pack at a path.

        `None` for a pack that is not there; `None` among the files for one that cannot be read,
        which has been reported.
        """
        ...

    def identity(self, path: str) -> str:
        """What all paths to one pack have in common."""
        ...

    def folder(self, path: str) -> str:
        """The folder of a pack, which may be a single file."""
        ...

    @property
    def has_any(self) -> bool:
        """Whether packs can be found here at all."""
        ...


@dataclass(frozen=True, slots=True)
class Folders:
    """Packs on disk, around the pack on top."""

    top: Path

    @property
    def has_any(self) -> bool:
        """Always."""
        return True

    def find(self, path: str, report: Report) -> Sequence[Source | None] | None:
        """Read the files of a pack."""
        at = self._at(path)
        try:
            files = pack_files(at) if at.is_dir() or at.is_file() else []
        except OSError:  # such as a name that no file can have
            return None
        return [self._read(file, path, report) for file in files] or None

    def identity(self, path: str) -> str:
        """The path without symbolic links; the top's own where `path` is empty."""
        return os.path.realpath(self._at(path) if path else self.top)

    def folder(self, path: str) -> str:
        """The path itself, if a folder is there."""
        return path if self._at(path).is_dir() else posixpath.dirname(path)

    def _at(self, path: str) -> Path:
        return (self.top if self.top.is_dir() else self.top.parent) / path

    def _read(self, file: Path, path: str, report: Report) -> Source | None:
        """Read a file, which records call by its path from the pack on top."""
        tidy = Path(os.path.normpath(file))
        source = read_file(file, report, str(tidy if _same(tidy, file) else file))
        place = posixpath.join(path, file.name) if self._at(path).is_dir() else path
        return None if source is None else Source(source.name, source.text, place=place)


def _same(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file: behind a symbolic link, `..` is not what it seems."""
    return os.path.realpath(one) == os.path.realpath(other)


@dataclass(frozen=True, slots=True)
class Memory:
    """Packs that are in memory, by their paths from the pack on top."""

    packs: Mapping[str, Sequence[Source]] = field(default_factory=dict)

    @property
    def has_any(self) -> bool:
        """Whether any were given."""
        return bool(self.packs)

    def find(self, path: str, report: Report) -> Sequence[Source | None] | None:  # noqa: ARG002  # what is in memory can be read
        """The files that were given for a path."""
        given = {posixpath.normpath(name): sources for name, sources in self.packs.items()}
        files = given.get(path, ())
        return [
            Source(one.name, one.text, place=posixpath.join(path, one.base_name)) for one in files
        ] or None

    def identity(self, path: str) -> str:
        """The path itself."""
        return path

    def folder(self, path: str) -> str:
        """The path itself, unless it is that of a YAML file."""
        return posixpath.dirname(path) if path.endswith((".yaml", ".yml")) else path
