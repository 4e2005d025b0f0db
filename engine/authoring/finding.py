"""Finding the packs that a path names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..language.shelves import NOT_POLICY

_SUFFIXES = {".yaml", ".yml"}


def find_packs(paths: Iterable[Path]) -> list[Path]:
    """The packs under some paths: files as they are, and every folder with policy files in it."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_file():
            found[path] = None
        else:
            found.update(dict.fromkeys(_below(path)))
    return list(found)


def _below(folder: Path) -> list[Path]:
    inside = [folder, *(p for p in folder.rglob("*") if p.is_dir() and not _hidden(p, folder))]
    return sorted(path for path in inside if _is_pack(path)) or [folder]


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def _is_pack(folder: Path) -> bool:
    return any(
        file.suffix in _SUFFIXES and file.name not in NOT_POLICY and file.is_file()
        for file in folder.iterdir()
    )
