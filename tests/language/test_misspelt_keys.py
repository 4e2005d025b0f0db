"""A misspelt key is one mistake, and hides no other."""

from revlex.engine import Report, Source, compile_sources

POLICY = """\
policy: misspelt
version: "1"
reply_rules:
  - rul: polite
    wen: review.stars = 2
    verdict: flag
"""


def codes(text: str) -> list[tuple[int, str]]:
    _, report = compile_sources([Source("policy.yaml", text)])
    return [(found.span.line, found.code) for found in report]


def test_the_key_is_not_called_missing_and_its_value_is_read() -> None:
    assert codes(POLICY) == [(4, "E202"), (5, "E202"), (5, "E301")]


def test_a_key_that_is_there_is_not_meant_twice() -> None:
    assert codes(POLICY.replace("wen:", "when: review.stars == 1\n    wen:")) == [
        (4, "E202"),
        (6, "E202"),
    ]


def test_reports_merge_what_they_left_out() -> None:
    whole, part = Report(), Report()
    part.left_out = 3
    _, found = compile_sources([Source("policy.yaml", POLICY)])
    whole.merge(found)
    whole.merge(part)
    assert (len(whole), whole.left_out, whole.has_errors) == (3, 3, True)
