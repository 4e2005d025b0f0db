"""HTML and links in Markdown: found in folded texts, taken out of texts as they were written.

Found are tags of HTML elements (`<b>`, `</a>`, `<img src=x>`), comments, character references
(`&amp;`, `&#39;`), and links and images of Markdown (`[text](target)`). A heart (`<3`), a
comparison or a slot in angle brackets (`<name>`) is none of these.
"""

from __future__ import annotations

import html
import re
from typing import Final

from ..language.patterns import Match, compile_pattern

_ELEMENTS: Final = (
    "a|abbr|address|article|audio|b|base|blockquote|body|br|button|canvas|center|code|dd|del|details"
    "|div|dl|dt|em|embed|font|footer|form|frame|h[1-6]|head|header|hr|html|i|iframe|img|input|ins"
    "|label|li|link|main|mark|marquee|meta|nav|noscript|object|ol|option|p|param|pre|q|s|samp|script"
    "|section|select|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td"
    "|template|textarea|tfoot|th|thead|title|tr|tt|u|ul|var|video"
)
_MARKUP: Final = "|".join(
    (
        rf"</?(?:{_ELEMENTS})(?:[ /][^<>]*)?>",
        r"<!--|<!doctype",
        r"&(?:[a-z][a-z0-9]{1,31}|#[0-9]{1,7}|#x[0-9a-f]{1,6});",
        r"\[[^\[\]]*\]\([^() ]+\)",
    )
)


def has_markup(folded: str) -> bool:
    """Whether HTML or a link in Markdown is in a folded text."""
    return ("<" in folded or "&" in folded or "](" in folded) and compile_pattern(_MARKUP).search(
        folded
    ) is not None


_BLOCK: Final = re.compile(
    "address|article|blockquote|body|br|center|dd|div|dl|dt|footer|form|h[1-6]|head|header|hr|html|li"
    "|main|nav|ol|option|p|pre|section|table|tbody|td|tfoot|th|thead|title|tr|ul",
    re.IGNORECASE,
)
"""Elements that stand in lines of their own."""

_WRITTEN: Final = "(?is)" + "|".join(
    (
        r"<!--.*?(?:-->|\z)",  # what is never closed goes on to the end, as in a browser
        r"<(?:script|style)(?:[\s/][^<>]*)?>.*?(?:</(?:script|style)\s*>|\z)",
        r"<!doctype[^<>]*>",
        rf"</?({_ELEMENTS})(?:[\s/][^<>]*)?>",
        r"(&(?:[a-z][a-z0-9]{1,31}|#[0-9]{1,7}|#x[0-9a-f]{1,6});)",
        r"!?\[([^\[\]]*)\]\([^()\s]+\)",
    )
)


def plain(text: str) -> str:
    """A text as its reader sees it: without tags and comments, character references resolved.

    Of links and images of Markdown, what stands in the square brackets is left. Paragraphs, list
    items and their like end a line; empty lines and blanks at the ends of lines are left out. A
    text without any markup comes back as it is.
    """
    if "<" not in text and "&" not in text and "](" not in text:
        return text
    seen = compile_pattern(_WRITTEN).sub(_seen, text)
    if seen == text:
        return text
    lines = (line.strip() for line in seen.split("\n"))
    return "\n".join(line for line in lines if line)


def _seen(match: Match) -> str:
    """What a reader sees of a piece of markup."""
    if match[1] is not None:
        return "\n" if _BLOCK.fullmatch(match[1]) else ""
    if match[2] is not None:
        return html.unescape(match[2])
    return match[3] or ""
