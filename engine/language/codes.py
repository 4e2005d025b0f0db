"""The page of each code: what is wrong, why it matters, how to mend it, with an example of both.

The pages are data, `grammar/codes/*.yaml`. They are read when one is asked for, not when this
module is imported: most runs of `revlex check` need none, and start sooner without.
"""

from __future__ import annotations

import enum
import functools
import re
import textwrap
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .diagnostics import Severity, did_you_mean
from .display import visible
from .problems import Problem

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_TEXT_WIDTH = 80


class Kind(enum.Enum):
    """What the examples are: one expression, any YAML text, a whole policy file, cases, or packs.

    Of several packs, each file begins with a comment that is its path from the first.
    """

    EXPRESSION = "expression"
    YAML = "yaml"
    POLICY = "policy"
    CASES = "cases"
    PACKS = "packs"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage:
    """Everything there is to say about a code.

    `bad` yields exactly this code, `good` is the same, mended. `start` is the rule of the grammar
    that reads the two, for expressions that are not conditions.
    """

    code: str
    name: str
    title: str
    why: str
    fix: str
    bad: str
    good: str
    kind: Kind = Kind.POLICY
    start: str | None = None

    @property
    def severity(self) -> Severity:
        """Error or warning, as the first letter of the code says."""
        return Severity.ERROR if self.code.startswith("E") else Severity.WARNING


class UnknownCodeError(Problem):
    """No page has this code or name; `help` names the nearest that there is, if one is near."""

    def __init__(self, asked: str, known: Mapping[str, CodePage]) -> None:
        """Look for what may have been meant."""
        names = {page.name for page in known.values()}
        near = did_you_mean(asked.upper(), known) or did_you_mean(asked.lower(), names)
        super().__init__(f"there is no code `{visible(asked)}`", near)


def page(asked: str, known: Mapping[str, CodePage] | None = None) -> CodePage:
    """The page of a code or of a name, in small letters or capitals.

    Args:
        asked: Such as `E301`, `e301` or `single-equals`.
        known: The pages to look in, by code; those of revlex where nothing is given.

    Raises:
        UnknownCodeError: There is no such page.
    """
    known = pages() if known is None else known
    by_name = {each.name: each for each in known.values()}
    found = known.get(asked.strip().upper()) or by_name.get(asked.strip().lower())
    if found is None:
        raise UnknownCodeError(asked, known)
    return found


@functools.cache
def pages() -> Mapping[str, CodePage]:
    """All pages of revlex by their codes, in the order of the codes."""
    from importlib.resources import files  # noqa: PLC0415 - most runs never come here

    return read_pages(files("revlex.grammar") / "codes")


def read_pages(folder: Traversable) -> Mapping[str, CodePage]:
    """The pages of every `.yaml` file in a folder by their codes, in the order of the codes.

    Raises:
        ValueError: A page lacks something or has too much, or a code or a name stands twice.
    """
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    found = [
        _page(code, entry)
        for file in files
        if file.name.endswith(".yaml")
        for code, entry in _load(file.read_text(encoding="utf-8")).items()
    ]
    times = Counter(word for each in found for word in (each.code, each.name))
    if twice := [word for word, count in times.items() if count > 1]:
        raise ValueError(f"more than one page for {', '.join(sorted(twice))}")
    return MappingProxyType({each.code: each for each in sorted(found, key=lambda it: it.code)})


def page_text(page: CodePage) -> str:
    """A page for the terminal, ending with a line end."""
    parts = [
        f"{page.code} {page.name} ({page.severity.value})",
        *(_wrapped(part) for part in (page.title, page.why, f"Fix: {page.fix}")),
        "Wrong:",
        _listing(page.bad, indent="    "),
        "Right:",
        _listing(page.good, indent="    "),
    ]
    return "\n\n".join(parts) + "\n"


def page_markdown(page: CodePage) -> str:
    """A page as Markdown, ending with a line end."""
    parts = [
        f"# {page.code} `{page.name}`",
        page.title.strip(),
        page.why.strip(),
        f"**Fix:** {page.fix.strip()}",
        "Wrong:",
        _fenced(page.bad, page.kind),
        "Right:",
        _fenced(page.good, page.kind),
    ]
    return "\n\n".join(parts) + "\n"


def _load(text: str) -> dict[str, dict[str, Any]]:
    import yaml  # noqa: PLC0415 - most runs never come here

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries: dict[str, dict[str, Any]] = yaml.load(text, Loader=loader)  # noqa: S506 - a safe one
    return entries


def _page(code: str, entry: Mapping[str, Any]) -> CodePage:
    kind = Kind(entry.get("kind", Kind.POLICY))
    try:
        return CodePage(**{**entry, "code": code, "kind": kind})
    except TypeError as error:
        raise ValueError(f"the page of {code}: {error}") from error


def _wrapped(text: str) -> str:
    paragraphs = text.strip().split("\n")
    return "\n".join(
        textwrap.fill(part, _TEXT_WIDTH, break_long_words=False, break_on_hyphens=False)
        for part in paragraphs
    )


def _listing(example: str, indent: str) -> str:
    lines = example.rstrip("\n").split("\n")
    return "\n".join(f"{indent}{visible(line)}".rstrip(" ") for line in lines)


def _fenced(example: str, kind: Kind) -> str:
    """An example in a code block; its tabs stay, so that they can be copied."""
    lines = example.rstrip("\n").split("\n")
    shown = "\n".join("\t".join(map(visible, line.split("\t"))) for line in lines)
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", shown))])
    return f"{fence}{'text' if kind is Kind.EXPRESSION else 'yaml'}\n{shown}\n{fence}"
