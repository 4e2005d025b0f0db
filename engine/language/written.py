"""A pack as it is written, with all that it extends, to be kept and compiled again elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import document
from .compiler import compile_sources
from .diagnostics import Report
from .overlays import Layering
from .program import Program
from .reader import read_document, read_file
from .shelves import Folders, pack_files
from .source import Source

Texts = Mapping[str, str]
"""Texts by the names of their files."""


@dataclass(frozen=True, slots=True)
class WrittenPack:
    """The files of a pack, and those of the packs below it by path, such as `../sea`."""

    own: Texts
    below: Mapping[str, Texts]

    def compiled(self) -> Program | None:
        """The program, if it has no errors."""
        below = {path: _sources(texts) for path, texts in self.below.items()}
        program, _ = compile_sources(_sources(self.own), below)
        return program


def _sources(texts: Texts) -> list[Source]:
    return [Source(name, text) for name, text in texts.items()]


@dataclass(frozen=True, slots=True)
class _Noting:
    """The packs on disk, and a note of each that was asked for."""

    folders: Folders
    found: dict[str, Texts] = field(default_factory=dict)

    @property
    def has_any(self) -> bool:
        return self.folders.has_any

    def find(self, path: str, report: Report) -> Sequence[Source | None] | None:
        sources = self.folders.find(path, report)
        self.found[path] = {one.base_name: one.text for one in sources or () if one is not None}
        return sources

    def identity(self, path: str) -> str:
        return self.folders.identity(path)

    def folder(self, path: str) -> str:
        return self.folders.folder(path)


def written_pack(path: Path) -> WrittenPack:
    """The files of a pack that compiles, and of all that it extends."""
    report, shelf = Report(), _Noting(Folders(path))
    sources = [read_file(file, report) for file in pack_files(path)]
    trees = [read_document(one, report) for one in sources if one is not None]
    Layering(shelf, report).lay([one for one in trees if isinstance(one, document.Mapping)])
    own = {one.base_name: one.text for one in sources if one is not None}
    return WrittenPack(own, shelf.found)
