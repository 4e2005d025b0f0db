"""Values written as elsewhere, such as numbers in quotes: the help says how to write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from revlex.engine import compile_policy


@pytest.mark.parametrize(
    ("condition", "help_"),
    [
        ("review.stars == '5'", "write the number without quotes: `5`"),
        ("'5' == review.stars", "write the number without quotes: `5`"),
        ("review.text == 5", 'put the number in quotes: `"5"`, or compare `length(...)`'),
        ("review.text == review.stars", "compare `length(...)` of the text, or two texts"),
        ("now - review.posted_at > 7", "give the number a unit, such as `30d` or `24h`"),
    ],
)
def test_help(tmp_path: Path, condition: str, help_: str) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(
        f'policy: p\nreview_rules:\n  - {{rule: r, when: "{condition}", verdict: flag}}\n',
        encoding="utf-8",
    )
    [found] = compile_policy(path)[1]
    assert (found.code, found.help) == ("E501", help_)


@pytest.mark.parametrize(
    ("condition", "code", "help_"),
    [
        ("review.verified == no", "E401", "write `true` or `false`"),
        ("review.verified == yes", "E401", "write `true` or `false`"),
        ("has product.price and product.price > 1000", "E501", "write `1000.0`"),
    ],
)
def test_how_values_are_written(tmp_path: Path, condition: str, code: str, help_: str) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(
        f'policy: p\nreview_rules:\n  - {{rule: r, when: "{condition}", verdict: flag}}\n',
        encoding="utf-8",
    )
    [found] = compile_policy(path)[1]
    assert (found.code, found.help) == (code, help_)
