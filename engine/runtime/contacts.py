"""Web addresses, e-mail addresses and names on other platforms, found in folded texts.

Folding has already made full-width letters plain, dropped zero-width characters and put capitals
down. Beyond that, these are found:

==========  ====================================================================================
web         `https://x`, `www.x`; a bare host under a top-level domain that is no word of a
            language (`shop.com`, `shop.co.th`); under one that is (`me`, `shop`, `id`) only with
            a path behind it (`wa.me/66…`); `shop (dot) com`, `shop[.]com`, `shop dot com`
e-mail      `a@b.cd`; with blanks around `@` or the dot before a well-known ending; `(at)`,
            `[at]`, `(dot)`; `a at gmail dot com` for the large providers
platforms   `@name` (three characters or more, the first no digit); an address on a messenger or
            social network (`wa.me/…`, `instagram.com/x`); a messenger and a name, joined by a
            colon or `id` (`wechat: ann88`, `line id ann`), or by a blank if the name holds a
            digit or `_` (`zalo 0912345678`); a social network, a colon, and a name that holds
            a digit, `_` or `@`
==========  ====================================================================================

Not found: names spelled out letter by letter or with look-alikes of other scripts; hosts under
endings that are not listed. Found wrongly: a sentence that goes on right after a full stop with
a word such as the Portuguese `com`.
"""

from __future__ import annotations

from typing import Final

from ..language.patterns import compile_pattern

_LETTER: Final = r"a-z0-9\x{80}-\x{10ffff}"
"""What names of hosts and people are made of; which scripts these are does not matter."""

_BEFORE: Final = rf"(?:^|[^{_LETTER}@._-])"
_AFTER: Final = r"(?:$|[^a-z0-9@_-])"
_HOST: Final = rf"(?:[{_LETTER}][{_LETTER}-]*\.)+"
_DOT: Final = r" ?[(\[{] ?(?:\.|dot|ponto|chấm|titik) ?[)\]}] ?"
_AT: Final = r" ?(?:@|[(\[{] ?(?:at|arroba) ?[)\]}]) ?"
_NO_WORD: Final = (
    "com|net|org|edu|gov|biz|xyz|io|vn|cn|com\\.[a-z]{2}|co\\.(?:th|id|uk|kr|jp|in|nz|za|il|ke)"
)
_ALSO_WORDS: Final = (
    "me|ly|gl|to|be|gg|cc|tk|ee|co|in|id|th|my|sg|ph|br|uk|de|fr|es|it|eu|us|ru|jp|kr|tw|hk|tv|info"
    "|shop|store|app|link|live|online|site|top|club|page|dev|ai|asia|pro|bio|mobi|vip|fun|website"
)

_URL: Final = "|".join(
    (
        r"[a-z][a-z0-9+.-]*://[^ /]",
        rf"{_BEFORE}www[0-9]?\.[{_LETTER}]",
        rf"{_BEFORE}{_HOST}(?:{_NO_WORD}){_AFTER}",
        rf"{_BEFORE}{_HOST}(?:{_ALSO_WORDS})/[a-z0-9@+?_~-]",
        rf"[{_LETTER}](?:{_DOT}| dot )(?:{_NO_WORD}){_AFTER}",
    )
)

_PROVIDERS: Final = "gmail|hotmail|outlook|yahoo|icloud|qq|163|126|proton|protonmail|live|naver"

_EMAIL: Final = "|".join(
    (
        rf"[{_LETTER}_%+-]@{_HOST}[a-z\x{{80}}-\x{{10ffff}}]{{2}}",
        rf"[{_LETTER}]{_AT}[{_LETTER}][{_LETTER}-]*(?: ?\. ?|{_DOT}| dot )(?:{_NO_WORD}){_AFTER}",
        rf"[{_LETTER}] (?:at|arroba) (?:{_PROVIDERS})(?: ?\. ?|{_DOT}| dot | ponto )com{_AFTER}",
    )
)

_MESSENGERS: Final = (
    "wechat|weixin|wx|vx|v信|微信|zalo|viber|kakao|kakaotalk|whatsapp|whats app|wa|telegram|tele|tg"
    "|qq|skype|signal|ig|insta|fb|messenger"
)
_NETWORKS: Final = (
    "instagram|facebook|tiktok|douyin|twitter|youtube|shopee|lazada|tokopedia|threads|xiaohongshu"
)
_JOINED: Final = r" ?(?:id|account|name|号|账号|帐号)? ?[:=] ?"

_NUMBERED: Final = r"(?:[a-z_.]{0,2}[0-9_][a-z0-9_.]{3}|[a-z_.]{3,}[0-9_]|\+[0-9])"
"""A name of four characters or more that no word of a sentence looks like, or a phone number."""

_ADDRESS: Final = "|".join(
    (
        rf"(?:^|[^{_LETTER}@._/-])@(?:[a-qs-z_][a-z0-9_.]|r[a-oq-z0-9_.]|rp[a-z_.])[a-z0-9_.]",
        r"(?:^|[^a-z0-9.-])(?:wa|t|m|line|lin|zalo|telegram|ig)\.(?:me|ee|gd)/[a-z0-9+@~_]",
        rf"(?:^|[^a-z0-9-])(?:fb|x|t|{_NETWORKS})\.(?:com|me|net)/@?[a-z0-9_.]",
    )
)
_NAMED: Final = r"(?:^|[^a-z0-9])(?:{})".format(
    "|".join(
        (
            rf"(?:{_MESSENGERS})(?:{_JOINED}[a-z0-9@+_][a-z0-9._-]{{2}}| ?{_NUMBERED})",
            rf"(?:{_MESSENGERS}|line|ไลน์)(?: ?id| ?ไอดี)[ :=]+[a-z0-9@_][a-z0-9._-]{{2}}",
            rf"(?:{_NETWORKS}){_JOINED}(?:@|{_NUMBERED})",
        )
    )
)


def has_url(folded: str) -> bool:
    """Whether a web address is in a folded text."""
    return (
        _has_dot_inside(folded) or "://" in folded or "dot" in folded or _has_bracket(folded)
    ) and _has(_URL, folded)


def has_email(folded: str) -> bool:
    """Whether an e-mail address is in a folded text."""
    return (
        "@" in folded or " at " in folded or "arroba" in folded or _has_bracket(folded)
    ) and _has(_EMAIL, folded)


def _has_dot_inside(folded: str) -> bool:
    """Whether a full stop has anything but a blank behind it; most texts are done with by this."""
    return folded.count(".") != folded.count(". ") + folded.endswith(".")


def _has_bracket(folded: str) -> bool:
    return "(" in folded or "[" in folded or "{" in folded


def has_handle(folded: str) -> bool:
    """Whether somebody's name on another platform is in a folded text."""
    return _has(_NAMED, folded) or (("@" in folded or "/" in folded) and _has(_ADDRESS, folded))


def _has(pattern: str, folded: str) -> bool:
    return compile_pattern(pattern).search(folded) is not None
