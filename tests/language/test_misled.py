"""Conditions as people write them who have not read the specification, and what they are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from revlex.engine.language.compiler import compile_policy

POLICY = """\
policy: slips
reply_rules:
  - rule: one
    when: {when}
    verdict: reject
    because: of one
actions:
  close_shop: {{scope: shop, overlap: extend}}
violations:
  v: {{points: 1, severity: minor, do: {do}}}
appeals:
  - appeal: violation
    attempts: [within 30d of notice]
    decide_within: 5d
    if_overturned: [void points, lift actions]
"""


def told(
    folder: Path, when: str = "review.stars == 1", do: str = "[close_shop for 7d]"
) -> list[tuple[str, str]]:
    """The codes and the fixes."""
    (folder / "policy.yaml").write_text(POLICY.format(when=when, do=do), encoding="utf-8")
    _, report = compile_policy(folder)
    return [(one.code, one.help or "") for one in report if one.code.startswith("E")]


@pytest.mark.parametrize(
    ("when", "code", "fix"),
    [
        ('reply.text contains "voucher" or "gift"', "E503", "contains any of"),
        ("review.stars == 1 or 2", "E503", "review.stars in [1, 2]"),
        ("review.stars in [1, 2] and 3", "E503", "review.stars in [1, 2]"),
        ("review.stars or review.stars == 2", "E503", "compare it with something"),
        ("review.stars >= 1 and <= 2", "E325", "and review.stars <= 2"),
        ("review.stars < 1 or > 4", "E325", "or review.stars <= 2"),
        ("review.posted_at > 2025-03-01", "E313", "`effective`"),
        ("review.stars == 20th", "E313", "write `20`"),
        ("review.stars == 01", "E313", "write `1`"),
    ],
)
def test_one_mistake_has_one_message_with_the_right_fix(
    tmp_path: Path, when: str, code: str, fix: str
) -> None:
    [(found, help_)] = told(tmp_path, when=when)
    assert found == code
    assert fix in help_


def test_dates_among_many_zeros_are_told_once_each(tmp_path: Path) -> None:
    when = (
        "'review.posted_at > 2025-03-01 and review.posted_at < 2026-01-01 and review.stars == 02'"
    )
    assert [code for code, _ in told(tmp_path, when=when)] == ["E313"] * 3


def test_an_entry_without_brackets_is_told_to_be_put_into_a_list(tmp_path: Path) -> None:
    [(code, help_)] = told(tmp_path, do="close_shop for 7d")
    assert code == "E201"
    assert help_ == "put it into a list: `[close_shop for 7d]`"


def test_what_is_no_entry_either_is_not(tmp_path: Path) -> None:
    [(code, help_)] = told(tmp_path, do="{close_shop: 7d}")
    assert code == "E201"
    assert help_.startswith("write a list, each entry an action")
