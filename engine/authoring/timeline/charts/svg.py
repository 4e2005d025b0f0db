"""Elements of SVG, with everything that others wrote made harmless."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from ....language.display import visible

Number = int | Fraction
_TENTHS: Final = 10


def element(name: str, *children: str, **attributes: str | Number | None) -> Markup:
    """An element with its children; texts are escaped, elements are not.

    A `_` in the name of an attribute stands for `-`; one at its end is left out.
    """
    said = Markup().join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _text(value))
        for key, value in attributes.items()
        if value is not None
    )
    inside = Markup().join(
        child if isinstance(child, Markup) else visible(child) for child in children
    )
    if not inside:
        return Markup("<{}{}/>").format(name, said)
    return Markup("<{}{}>{}</{}>").format(name, said, inside, name)


def _text(value: str | Number) -> str:
    return visible(value) if isinstance(value, str) else px(value)


def px(value: Number) -> str:
    """A length with at most one decimal."""
    tenths = round(value * _TENTHS)
    whole, rest = divmod(abs(tenths), _TENTHS)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"


def title(text: str) -> Markup:
    """What is shown when one points at something, and read aloud."""
    return element("title", text)


def label(text: str, x: Number, y: Number, kind: str = "", anchor: str | None = None) -> Markup:
    """A text at a place; `anchor` is `middle` or `end` where it does not begin there."""
    return element("text", text, x=x, y=y, class_=kind or None, text_anchor=anchor)


def line(start: tuple[Number, Number], end: tuple[Number, Number], kind: str) -> Markup:
    """A straight line."""
    return element("line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], class_=kind)


def box(left: Number, top: Number, size: tuple[Number, Number], kind: str, says: str) -> Markup:
    """A rectangle that says what it is."""
    return element("rect", title(says), x=left, y=top, width=size[0], height=size[1], class_=kind)


def path(steps: Sequence[tuple[str, Number, Number]], kind: str) -> Markup:
    """A path of moves (`M`) and lines (`L`)."""
    drawn = " ".join(f"{letter}{px(x)} {px(y)}" for letter, x, y in steps)
    return element("path", d=drawn, class_=kind)


def led(where: str | None, *children: Markup) -> Markup:
    """Something that leads to a place on the page, if there is one."""
    return element("g", *children) if where is None else element("a", *children, href=f"#{where}")


def clipped(text: str, most: int) -> str:
    """A text of at most so many characters."""
    shown = visible(text)
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"
