"""Which rules no case makes speak: of an overlay, those of its own files."""

from __future__ import annotations

from pathlib import Path

from revlex.engine.authoring import testing

BASE = """\
policy: base
review_rules:
  - {rule: short, when: words(review.text) < 3, verdict: flag}
  - {rule: loud, when: review.text contains "wow", verdict: flag}
"""
OVERLAY = """\
policy: overlay
extend: ../base
review_rules:
  - {rule: worst, when: review.stars == 1, verdict: flag}
  - {rule: best, when: review.stars == 5, verdict: flag}
"""
CASES = """\
cases:
  - name: one star
    events:
      - {at: "2025-06-01T10:00:00Z", type: review.posted, review_id: r1, stars: 1, text: a b c}
    expect: [{rule: worst}]
"""


def test_what_is_silent_in_an_overlay_is_its_own(tmp_path: Path) -> None:
    for name, policy in (("base", BASE), ("overlay", OVERLAY)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "policy.yaml").write_text(policy, "utf-8")
    (tmp_path / "overlay" / "cases.yaml").write_text(CASES, "utf-8")
    outcome = testing.test_packs([tmp_path / "overlay"])
    assert [pack.silent for pack in outcome.packs] == [("best",)]
    assert outcome.passed
