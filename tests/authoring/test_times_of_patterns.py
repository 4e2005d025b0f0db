"""`at` of a pattern is an instant: it may be written in any zone."""

from __future__ import annotations

from pathlib import Path

import pytest
from revlex.engine.authoring.tester import run_cases
from revlex.engine.language.compiler import compile_sources
from revlex.engine.language.diagnostics import Report
from revlex.engine.language.source import Source

POLICY = """
policy: small
review_rules:
  - {rule: one-star, when: review.stars == 1, verdict: flag}
"""


@pytest.mark.parametrize(
    ("at", "passes"),
    [
        ("2025-07-01T10:00:00Z", True),
        ("2025-07-01T10:00:00+00:00", True),
        ("2025-07-01T17:00:00+07:00", True),
        ("2025-07-01T10:00:00+07:00", False),
        ("2025-07-01T10:00:01Z", False),
        ("2025-07-01", False),
        ("noon", False),
    ],
)
def test_the_same_instant(tmp_path: Path, at: str, passes: bool) -> None:  # noqa: FBT001 - a case
    program, _ = compile_sources([Source("policy.yaml", POLICY)])
    assert program is not None
    file = tmp_path / "cases.yaml"
    file.write_text(
        "cases:\n  - name: a case\n    events:\n"
        '      - {at: "2025-07-01T10:00:00Z", type: review.posted, review_id: r1, stars: 1}\n'
        f'    expect: [{{rule: one-star, at: "{at}"}}]\n',
        encoding="utf-8",
    )
    (result,) = run_cases(program, file, Report())
    assert result.passed is passes
