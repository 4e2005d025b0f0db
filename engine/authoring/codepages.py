"""The pages of all codes as the Markdown files of `docs/codes/`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from ..language.codes import CodePage, page_markdown, pages

_INDEX = "README.md"
_RANGES = {
    "E1": "Reading YAML",
    "E2": "The shape of the policy file",
    "E3": "The syntax of expressions",
    "E4": "Names",
    "E5": "Types and guards",
    "E6": "The meaning of the policy's sections",
    "E8": "What sellers are told",
    "W7": "Warnings",
}
_INTRODUCTION = """\
# Codes

Everything that `revlex check` can say about a policy has a code that stays the same. An `E` keeps
the policy from running, a `W` does not. `revlex explain-code CODE` shows a page on the terminal.
"""


def markdown_pages(known: Mapping[str, CodePage] | None = None) -> dict[str, str]:
    """The text of each file of `docs/codes/` by its name: one for each code, and the index.

    Args:
        known: The pages by code; those of revlex where nothing is given.
    """
    shown = list((pages() if known is None else known).values())
    return {_INDEX: _index(shown), **{_file(page): page_markdown(page) for page in shown}}


def _index(shown: Iterable[CodePage]) -> str:
    sections = [
        _section(_RANGES[start], list(inside))
        for start, inside in groupby(shown, key=lambda page: page.code[:2])
    ]
    return "\n".join([_INTRODUCTION, *sections])


def _section(heading: str, inside: Iterable[CodePage]) -> str:
    rows = "".join(f"{_row(page)}\n" for page in inside)
    return f"## {heading}\n\n| Code | Name | What is wrong |\n| --- | --- | --- |\n{rows}"


def _row(page: CodePage) -> str:
    title = " ".join(page.title.split()).replace("|", "\\|")
    return f"| [{page.code}]({_file(page)}) | `{page.name}` | {title} |"


def _file(page: CodePage) -> str:
    return f"{page.code}.md"
