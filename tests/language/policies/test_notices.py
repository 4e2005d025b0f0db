"""What sellers are told: what entries become, what overlays change, what is too much."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from revlex.engine.language.compiler import compile_sources
from revlex.engine.language.program import NoticeTemplate, Program, Status
from revlex.engine.language.source import Source

Clean = Callable[..., Program]

BASE = """
policy: base
regions: [TH, VN]
violations: {spam: {points: 1}, fraud: {points: 8}}
appeals: [{appeal: violation, attempts: [within 9d of notice]}]
notices:
  languages: {TH: th, else: en}
  words: {spam: {en: unwanted messages, th: สแปม}}
  entries:
    - notice: all
      for: violation
      subject: {en: A violation, th: การละเมิด}
      text: {en: "{violation}", th: "{violation}"}
"""
LATER = """
    - notice: fraud
      for: violation
      of: [fraud]
      subject: {en: Fraud, th: การฉ้อโกง}
      text: {en: "{shop}", th: "{shop}"}
"""


def codes(text: str, below: str | None = None) -> tuple[Program | None, list[str]]:
    packs = {} if below is None else {"../base": [Source("base.yaml", below)]}
    program, report = compile_sources([Source("policy.yaml", text)], packs)
    return program, [one.code for one in report]


def laid(text: str, below: str = BASE + LATER) -> Program:
    program, found = codes(f"policy: top\nextend: ../base\n{text}", below)
    assert program is not None, found
    assert found == []
    return program


def named(program: Program, name: str) -> NoticeTemplate:
    return next(one for one in program.notices.templates if one.name == name)


def said(template: NoticeTemplate) -> dict[str, str]:
    return {
        language: "\n".join(line.message.text for line in lines)
        for language, lines in template.texts.items()
    }


def test_those_for_names_go_before_those_for_all(clean: Clean) -> None:
    notices = clean(BASE + LATER).notices
    assert [one.name for one in notices.templates] == ["fraud", "all"]
    assert notices.languages == {"TH": "th", "": "en"}
    assert notices.words == {"spam": {"en": "unwanted messages", "th": "สแปม"}}


def test_an_entry_says_what_it_says(clean: Clean) -> None:
    program = clean("""
        policy: p
        regions: [TH, VN]
        reply_rules: [{rule: r, when: length(reply.text) > 2, verdict: reject, because: long}]
        notices:
          entries:
            - notice: n1
              for: [verdict, verdict, appeal]
              when: has because
              regions: [VN]
              effective: {from: 2026-01-01}
              owner: us
              links: ["https://example.com"]
              subject: {else: "{rule}"}
              text:
                else:
                  - |
                    one {shop}

                    two
                  - {when: has review, text: "{review}"}
    """)
    (entry,) = program.notices.templates
    assert entry.kinds == ("verdict", "appeal")
    assert (entry.regions, entry.owner, entry.links) == ({"VN"}, "us", ("https://example.com",))
    assert entry.effective.start is not None
    assert entry.condition is not None
    lines = entry.texts["else"]
    assert [line.message.text for line in lines] == ["one {shop}", "", "two", "{review}"]
    assert [line.condition is not None for line in lines] == [False, False, False, True]


def test_a_policy_without_notices_has_none(clean: Clean) -> None:
    assert clean("policy: p\n").notices.templates == ()


# ------------------------------------------------------------------------------ overlays


def test_an_overlay_adds_languages_and_words() -> None:
    program = laid("""
override:
  - {notice: all, append: {subject: {vi: Vi phạm}, text: {vi: "{violation}"}}}
  - {notice: fraud, append: {subject: {vi: Lừa đảo}, text: {vi: "{shop}"}}}
notices:
  languages: {VN: vi}
  words: {spam: {vi: tin rác}}
  entries: []
""")
    assert program.notices.languages == {"TH": "th", "": "en", "VN": "vi"}
    assert program.notices.words["spam"]["vi"] == "tin rác"
    assert set(named(program, "all").texts) == {"en", "th", "vi"}


def test_an_overlay_says_something_else_or_nothing() -> None:
    program = laid(
        """
override:
  - {notice: all, replace: {when: points > 3, text: {en: Other, th: อื่น}}}
  - {notice: fraud, disable: true}
""".replace("points > 3", "has points and points > 3")
    )
    assert said(named(program, "all")) == {"en": "Other", "th": "อื่น"}
    assert named(program, "all").condition is not None
    assert named(program, "fraud").status is Status.DISABLED


def test_an_overlay_tells_more() -> None:
    program = laid(
        """
notices:
  entries:
    - notice: spam
      for: violation
      of: [spam]
      subject: {en: Spam, th: สแปม}
      text: {en: "{shop}", th: "{shop}"}
"""
    )
    assert [one.name for one in program.notices.templates] == ["fraud", "spam", "all"]


def test_names_of_an_overlay() -> None:
    top = "policy: top\nextend: ../base\n"
    assert "E209" in codes(f"{top}notices:{entry('x').replace('told', 'all')}", BASE)[1]
    assert codes(f"{top}override: [{{notice: al, disable: true}}]\n", BASE)[1] == ["E225"]


# ------------------------------------------------------------------------------- hostile

HEAD = """
policy: p
violations: {spam: {points: 1}}
appeals: [{appeal: violation, attempts: [within 1d of notice]}]
notices:
"""
ENTRY = """
  entries:
    - {notice: told, for: violation, subject: {else: x}, text: {else: TEXT}}
"""


def entry(text: str) -> str:
    return ENTRY.replace("TEXT", text)


HOSTILE: dict[str, tuple[str, list[str]]] = {
    "too many slots": (entry('"' + "{shop}" * 201 + '"'), ["E824"]),
    "as many slots as there may be": (entry('"' + "{shop}" * 200 + '"'), []),
    "too many characters": (entry('"' + "x" * 20_001 + '"'), ["E824"]),
    "as many characters as there may be": (entry('"' + "x" * 20_000 + '"'), []),
    "10,000 variables": (entry('"' + "{shop}" * 10_000 + '"'), ["E824"]),
    "lines of variables": (entry('"' + "{shop}\\n" * 2_400 + '"'), []),
    "brackets": (entry('"{' + "(" * 100 + "shop" + ")" * 100 + '}"'), ["E321"]),
    "an open brace": (entry('"{shop"'), ["E350"]),
    "an empty slot": (entry('"{}"'), ["E352"]),
    "blank": (entry('"  "'), ["E201"]),
    "nothing": ("  entries: null\n", ["E201"]),
    "a list": ("  - all\n", ["E201"]),
    "no kinds": (entry("x").replace("for: violation", "for: []"), ["E208"]),
    "a long language": (f"  languages: {{else: {'a' * 9_000}}}\n{entry('x')}", ["E822"]),
    "words in words": ("  words: {spam: {en: {a: b}}}\n" + entry("x"), ["E201"]),
    "words without languages": ("  words: {spam: [a]}\n" + entry("x"), ["E201"]),
    "many names": (entry("x").replace("for:", f"of: [{'spam, ' * 5_000}], for:"), []),
    "a pick": (entry("'{pick(spam)}'"), ["E821"]),
    "a measure": (entry("'{count(review for order)}'"), ["E821"]),
    "the clock": (entry("'{now}'"), ["E821"]),
    "the shop's state": (entry("'{points(\"x\")} {in_force(\"x\")}'"), ["E821", "E821"]),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_nothing_is_too_odd(what: str) -> None:
    text, expected = HOSTILE[what]
    program, found = codes(HEAD + text)
    assert found == expected
    assert (program is None) is bool(expected)


def test_what_is_said_of_kinds_together() -> None:
    both: Any = entry("'{until} {step} {untl}'").replace("for: violation", "for: [action, step]")
    _, found = codes(HEAD + both)
    assert found == ["E820", "E820", "E401"]
