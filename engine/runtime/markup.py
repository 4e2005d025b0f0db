"""HTML and links in Markdown, found in folded texts.

Found are tags of HTML elements (`<b>`, `</a>`, `<img src=x>`), comments, character references
(`&amp;`, `&#39;`), and links and images of Markdown (`[text](target)`). A heart (`<3`), a
comparison or a slot in angle brackets (`<name>`) is none of these.
"""

from __future__ import annotations

from typing import Final

from ..language.patterns import compile_pattern

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
