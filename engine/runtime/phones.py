"""Phone numbers, found in folded texts.

A phone number is 8 to 15 digits (of any script), perhaps with `+` before them. Between digits may
stand up to three of blank, `.`, `-`, brackets and the like, but not a full stop with a blank behind
it. These are no phone numbers, as far as it can be told:

- a part of a longer number, a decimal number, a percentage: `12345678,50`;
- an amount: digits in threes with dots (`15.000.000`) unless they begin with 0 or `+`, one or two
  digits behind a single dot (`12345678.50`), and whatever stands beside a currency (`Rp 15000000`);
- a date or two years: `12-05-2024`, `20240512`, `2019-2024`;
- a part of a code, with letters of a spaced script right before or behind (`SPX12345678`), except
  after a word such as `tel`;
- what a word such as `order`, `mã đơn`, `resi`, `订单号`, or `#`, announces as another number.

A number that stands alone and is none of these counts, whatever it may have meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from ..language.patterns import compile_pattern
from .scripts import is_spaced

FEWEST_DIGITS: Final = 8
MOST_DIGITS: Final = 15

_DIGITS: Final = re.compile(r"\d+")
_SEPARATORS: Final = "[ .()\u2010\u2013\u2014\u00b7\u2022_*-]"
_GAP: Final = re.compile(f"{_SEPARATORS}{{1,3}}")
_ENOUGH: Final = rf"(?:\p{{Nd}}{_SEPARATORS}{{0,3}}){{{FEWEST_DIGITS}}}"
_LOOK_BACK: Final = 40
"""How many characters before a number may say what it is."""

_CURRENCY: Final = (
    "[$€£¥₫฿₱₹₩]|rp|idr|rupiah|vnd|vnđ|đ|đồng|dong|usd|sgd|myr|rm|thb|baht|บาท|php|pesos?|brl|reais"
    "|rmb|cny|yuan|元|块|twd"
)
_BEFORE: Final = rf"(?:^|[^\pL])(?:{_CURRENCY})[. ]*$|[$€£¥₫฿₱₹₩] ?$"
_BEHIND: Final = rf"^ ?(?:{_CURRENCY})(?:$|[^a-z])|^(?:%|[.,:][0-9])"
_OTHER_NUMBER: Final = unicodedata.normalize(
    "NFKC",  # as folded texts are
    r"(?:^|[^a-z])(?:orders?|invoice|tracking|ref|reference|sku|isbn|serial|imei|awb|barcode|ean"
    r"|resi|pesanan|pedido|nota fiscal|rastreio|rastreamento|protocolo|cpf|cnpj|đơn|đơn hàng"
    r"|vận đơn|mã|订单|订单号|单号|运单号|คำสั่งซื้อ|ออเดอร์|พัสดุ)"
    r"(?:[ .:#=-]|id|no|nr|number|num|code|número|numero|nomor|số|hàng|mã|is|was|là|é|หมายเลข)*$"
    r"|#$",
)
_CONTACT: Final = (
    r"(?:^|[^a-z])(?:tel|telp|phone|mobile|call|zalo|viber|hp|wa|whatsapp|sms|hotline|sdt|sđt|cel"
    r"|fone|fon|hubungi|telefone|telefono)[-_]?$"
)
_YEARS: Final = range(1900, 2100)
_MONTH_OR_DAY: Final = range(1, 32)

Groups = list[re.Match[str]]


def has_phone(folded: str) -> bool:
    """Whether a phone number is in a folded text."""
    return _finds(_ENOUGH, folded) and any(
        _has_right_length(number) and not _is_something_else(folded, number)
        for groups in _chains(folded)
        for number in _without_dates(folded, groups)
    )


def _chains(folded: str) -> Iterator[Groups]:
    """Runs of digits that only separators keep apart."""
    chain: Groups = []
    for group in _DIGITS.finditer(folded):
        if chain and not _is_gap(folded[chain[-1].end() : group.start()]):
            yield chain
            chain = []
        chain.append(group)
    if chain:
        yield chain


def _is_gap(between: str) -> bool:
    return between != ". " and _GAP.fullmatch(between) is not None


def _without_dates(folded: str, groups: Groups) -> Iterator[Groups]:
    """What is left of a chain to both sides of each date in it."""
    start = index = 0
    while index + 3 <= len(groups):
        if _is_date(folded, groups[index : index + 3]):
            yield groups[start:index]
            start = index = index + 3
        else:
            index += 1
    yield groups[start:]


def _is_date(folded: str, groups: Groups) -> bool:
    """Whether three groups are day, month and year, or year, month and day, with one separator."""
    if len(set(_gaps(folded, groups))) != 1:
        return False
    first, middle, last = (int(group[0][:5]) for group in groups)
    lengths = [len(group[0]) for group in groups]
    if len(groups[0][0]) == 4:  # noqa: PLR2004 - the digits of a year
        first, last = last, first
        lengths.reverse()
    return (
        lengths[2] == 4  # noqa: PLR2004 - the digits of a year
        and max(lengths[:2]) <= 2  # noqa: PLR2004 - those of a day
        and last in _YEARS
        and {first, middle} <= set(_MONTH_OR_DAY)
    )


def _gaps(folded: str, groups: Groups) -> list[str]:
    return [folded[left.end() : right.start()] for left, right in pairwise(groups)]


def _has_right_length(number: Groups) -> bool:
    if len(number) > MOST_DIGITS:
        return False
    return FEWEST_DIGITS <= sum(len(group[0]) for group in number) <= MOST_DIGITS


def _is_something_else(folded: str, number: Groups) -> bool:
    """Whether so many digits are no phone number."""
    start, end = number[0].start(), number[-1].end()
    if folded[start - 1 : start] == "+":
        return False
    before, behind = folded[max(0, start - _LOOK_BACK) : start].rstrip("("), folded[end : end + 12]
    return (
        _is_years(number)
        or _is_amount(folded, number)
        or _finds(_BEFORE, before)
        or _finds(_BEHIND, behind)
        or _finds(_OTHER_NUMBER, before)
        or _is_in_code(before, behind)
    )


def _is_years(number: Groups) -> bool:
    """Whether the digits are a date without separators, or two years."""
    digits = "".join(group[0] for group in number)
    if len(digits) != FEWEST_DIGITS or int(digits[:4]) not in _YEARS:
        return False
    if len(number) == 1:
        return int(digits[4:6]) in range(1, 13) and int(digits[6:]) in _MONTH_OR_DAY
    return len(number[0][0]) == 4 and int(digits[4:]) in _YEARS  # noqa: PLR2004 - a year's digits


def _is_amount(folded: str, number: Groups) -> bool:
    """Whether a number is written like an amount: `15.000.000`, `12345678.50`."""
    first, *others = (len(group[0]) for group in number)
    if set(_gaps(folded, number)) != {"."} or number[0][0].startswith("0"):
        return False
    return (first <= 3 and set(others) == {3}) or others in ([1], [2])  # noqa: PLR2004 - thousands


def _is_in_code(before: str, behind: str) -> bool:
    if behind and is_spaced(behind[0]):
        return True
    letter = before.rstrip("-_")[-1:]
    joined = bool(letter) and is_spaced(letter) and len(before) - len(before.rstrip("-_")) <= 1
    return joined and not _finds(_CONTACT, before)


def _finds(pattern: str, text: str) -> bool:
    return compile_pattern(pattern).search(text) is not None
