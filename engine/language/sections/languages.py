"""The tags of languages: `en`, `th`, `pt-BR`."""

from __future__ import annotations

import re

from ..diagnostics import Report
from ..messages import notices as messages
from ..source import Embedded
from .context import ELSE

_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}", re.ASCII)
_NAMES = {
    "english": "en",
    "thai": "th",
    "vietnamese": "vi",
    "indonesian": "id",
    "malay": "ms",
    "chinese": "zh",
    "portuguese": "pt",
    "spanish": "es",
    "french": "fr",
    "german": "de",
    "japanese": "ja",
    "filipino": "fil",
    "tagalog": "tl",
}
"""Languages by what people call them in English, to say what was meant."""


def is_language(text: str) -> bool:
    """Whether a text is a language's tag, or stands for all others."""
    return text == ELSE or _TAG.fullmatch(text) is not None


def language_of(text: Embedded, report: Report, *, default: bool = False) -> str | None:
    """A language's tag; with `default`, `else` stands for all others."""
    if (default and text.text == ELSE) or _TAG.fullmatch(text.text):
        return text.text
    report.add(messages.no_language(text.text, _meant(text.text), text.span))
    return None


def _meant(text: str) -> str | None:
    plain = text.strip().replace("_", "-")
    first, *others = plain.split("-")
    tag = "-".join([first.lower(), *others])
    return tag if _TAG.fullmatch(tag) else _NAMES.get(plain.lower())
