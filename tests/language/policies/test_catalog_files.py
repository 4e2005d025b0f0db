"""What several files, and a pack and its overlay, add to the catalog."""

from __future__ import annotations

from pathlib import Path

import pytest
from revlex.engine.language.compiler import compile_policy

RATED = """\
policy: rated
catalog:
  entities: {shop: {fields: {rating: optional decimal}}}
  events: {shop.rated: {about: shop, fields: {rating: decimal}}}
review_rules:
  - {rule: low, when: has shop.rating and shop.rating < 3.0, verdict: flag}
"""
MORE = """\
EXTEND
catalog:
  entities: {shop: {fields: {FIELD}}}
  events: {shop.opened: {fields: {quiz: optional boolean}}}
event_rules:
  - {rule: quizzed, event: shop.opened, when: shop.quiz, verdict: flag}
"""


def codes(pack: Path) -> list[str]:
    _, report = compile_policy(pack)
    return [one.code for one in report]


def written(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("field", "expected"),
    [("quiz: boolean = false", []), ("quiz: boolean = false, rating: optional decimal", ["E231"])],
)
def test_fields_of_one_kind_may_come_from_several_files(
    field: str, expected: list[str], tmp_path: Path
) -> None:
    more = MORE.replace("FIELD", field)
    written(tmp_path / "rated", "policy.yaml", RATED)
    overlay = more.replace("EXTEND", "policy: overlay\nextend: ../rated")
    written(tmp_path / "overlay", "policy.yaml", overlay)
    assert codes(tmp_path / "overlay") == expected
    written(tmp_path / "rated", "quiz.yaml", more.replace("EXTEND\n", ""))
    assert codes(tmp_path / "rated") == expected


def test_a_kind_of_ones_own_stands_once(tmp_path: Path) -> None:
    kind = "catalog: {entities: {plan: {key: plan_id, fields: {FIELD: boolean = false}}}}\n"
    written(tmp_path, "policy.yaml", "policy: plans\n" + kind.replace("FIELD", "a"))
    written(tmp_path, "more.yaml", kind.replace("FIELD", "b"))
    assert codes(tmp_path) == ["E209"]
