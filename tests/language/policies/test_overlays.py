"""Packs that extend other packs: what is merged, what is changed, and what is refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from revlex.engine.language.compiler import compile_policy, compile_sources
from revlex.engine.language.program import Program, Status
from revlex.engine.language.source import Source

Layered = Callable[[str], Any]

BASE = """
# ../sea/policy.yaml
policy: sea
title: South-East Asia
version: "7"
regions: [TH, VN, SG]
timezone: {TH: Asia/Bangkok, VN: Asia/Ho_Chi_Minh, else: Asia/Singapore}
retention: 90d
lists: {rewards: {en: [voucher]}, bad: [awful]}
tables: {most: {by: product.category, beauty: 1, else: 2}}
define: {unhappy: review.stars <= 2}
review_rules:
  - {rule: unhappy-ones, when: unhappy, verdict: flag}
  - rule: only-vn
    regions: [VN]
    when: has product and review.images > most[product.category]
    verdict: flag
reply_rules:
  - rule: no-reward
    when: reply.text contains any of rewards
    verdict: {TH: allow, else: reject}
    because: not so
  - rule: no-swearing
    when: reply.text contains any of bad
    verdict: reject
    because: not so
    violation: swearing
reply_drafts:
  limits: {per_buyer: 1 per 24h, per_shop: 50 per day}
  rules: [{draft: thanks, mode: draft, templates: {en: [Thanks!], else: [Merci!]}}]
measures:
  bad_reviews: {per: shop, value: count(review where unhappy), over: 30d}
thresholds:
  - {threshold: many, measure: bad_reviews, check: daily, bands: {few: below 5, many: from 5}}
violations: {swearing: {points: 2, do: [pause for 1d]}, spam: {points: 1}}
actions: {close_shop: {scope: shop, overlap: extend}, pause: {scope: fund}}
escalations:
  - {ladder: points, per: shop, because: so many, steps: [{at: 4, do: [close_shop for 7d]}]}
appeals:
  - {appeal: verdict, against: [verdict, violation, action], attempts: [within 7d of notice]}
remedies: [{remedy: quiz, event: quiz.completed, of: [swearing], do: [lower points by 1]}]
"""


def over(override: str, more: str = "") -> str:
    return f"# policy.yaml\npolicy: vn\nextend: ../sea\noverride:\n{override}\n{more}\n{BASE}"


@pytest.fixture
def laid(layered: Layered) -> Callable[..., Program]:
    """The program of some overrides upon the pack above."""

    def run(override: str, more: str = "") -> Program:
        outcome = layered(over(f"  - {{{override}}}", more))
        assert outcome.errors == [], outcome.found
        program = outcome.program
        assert isinstance(program, Program)
        return program

    return run


Laid = Callable[..., Program]


# ------------------------------------------------------------------- what is merged


def test_an_overlay_that_says_nothing_is_the_pack_below_by_another_name(layered: Layered) -> None:
    own = layered(f"# policy.yaml\npolicy: vn\nextend: ../sea\n{BASE}").program
    below = layered(BASE.replace("../sea/", "")).program
    assert (own.name, below.name) == ("vn", "sea")
    assert (own.title, own.version) == (below.title, below.version)
    assert (own.rules, own.thresholds, own.ladders) == (
        below.rules,
        below.thresholds,
        below.ladders,
    )
    assert own.digest == layered(BASE.replace("../sea/", "").replace("sea", "vn")).program.digest


def test_the_head_of_the_overlay_wins(layered: Layered) -> None:
    own = layered(
        "# policy.yaml\npolicy: vn\nextend: ../sea\ntitle: Vietnam\nversion: '1'\nregions: [VN]\n"
        f"timezone: Asia/Ho_Chi_Minh\n{BASE}"
    )
    assert own.found == []
    program = own.program
    assert (program.name, program.title, program.version) == ("vn", "Vietnam", "1")
    assert (program.regions, program.zones) == (("VN",), {"": "Asia/Ho_Chi_Minh"})
    assert program.retention == 90 * 86_400_000_000
    assert [rule.name for rule in program.rules] == [
        "unhappy-ones", "only-vn", "no-reward", "no-swearing",
    ]  # fmt: skip


def test_what_is_said_about_regions_that_are_left_out_is_no_mistake(layered: Layered) -> None:
    own = layered(f"# policy.yaml\npolicy: th\nextend: ../sea\nregions: [TH]\n{BASE}")
    assert own.found == []
    assert own.program.zones == {"": "Asia/Singapore", "TH": "Asia/Bangkok"}
    (only,) = [rule for rule in own.program.rules if rule.name == "only-vn"]
    assert not only.applies("TH", 0)


def test_what_the_overlay_adds_stands_behind(layered: Layered) -> None:
    own = layered(
        "# policy.yaml\npolicy: vn\nextend: ../sea\nreview_rules:\n"
        "  - {rule: own, when: review.text contains any of insults, verdict: hold, because: rude}\n"
        "# words.yaml\nlists: {insults: [idiot]}\nreply_drafts:\n  limits: {per_shop: 9 per day}\n"
        f"  rules: [{{draft: sorry, mode: draft, templates: {{else: [Sorry!]}}}}]\n{BASE}"
    )
    assert [one.code for one in own.found] == ["W725"]  # the first draft answers everything
    program = own.program
    assert [rule.name for rule in program.rules][:3] == ["unhappy-ones", "only-vn", "own"]
    assert [draft.name for draft in program.drafts] == ["thanks", "sorry"]
    assert program.draft_limits.per_shop.count == 9
    assert program.draft_limits.per_buyer.count == 1


def test_one_upon_the_other_upon_a_third(layered: Layered) -> None:
    own = layered("""
# policy.yaml
policy: top
extend: ../middle
override: [{rule: r, replace: {verdict: hold}}]
# ../middle/policy.yaml
policy: middle
version: "2"
extend: ../deep/bottom
override: [{rule: r, replace: {when: review.stars == 2, because: low}}]
# ../deep/bottom/policy.yaml
policy: bottom
version: "1"
title: Bottom
review_rules: [{rule: r, when: review.stars == 1, verdict: flag}]
""")
    assert own.found == []
    assert (own.program.version, own.program.title) == ("2", "Bottom")
    (rule,) = own.program.rules
    assert rule.verdicts == {"": "hold"}
    assert rule.condition.span.text == "review.stars == 2"
    assert rule.condition.span.source.base_name == "../middle/policy.yaml"
    assert rule.span.source.base_name == "../deep/bottom/policy.yaml"


# --------------------------------------------------------------------- one by one


def test_disabled(laid: Laid) -> None:
    for override, section in (
        ("rule: no-reward, disable: true", "rules"),
        ("draft: thanks, disable: true", "drafts"),
        ("threshold: many, disable: true", "thresholds"),
        ("ladder: points, disable: true", "ladders"),
        ("appeal: verdict, disable: true", "appeals"),
        ("remedy: quiz, disable: true", "remedies"),
    ):
        items = getattr(laid(override), section)
        off = [one.name for one in items if one.status is Status.DISABLED]
        assert off == [override.split()[1].strip(",")]
    assert laid("action: close_shop, disable: true").actions["close_shop"].status is Status.DISABLED
    assert laid("violation: swearing, disable: true").violations["swearing"].status.value == (
        "disabled"
    )


def test_what_has_no_status_is_gone(layered: Layered) -> None:
    for override, code in (
        ("list: rewards", "E410"),
        ("table: most", "E411"),
        ("define: unhappy", "E401"),
        ("measure: bad_reviews", "E606"),
    ):
        outcome = layered(over(f"  - {{{override}, disable: true}}"))
        assert set(outcome.codes) == {code}, override
        assert {one.span.source.base_name for one in outcome.found} == {"../sea/policy.yaml"}


def test_replaced(laid: Laid) -> None:
    program = laid("rule: no-reward, replace: {verdict: flag, regions: [VN]}")
    rule = next(one for one in program.rules if one.name == "no-reward")
    assert rule.verdicts == {"": "flag"}
    assert rule.regions == {"VN"}
    program = laid("define: unhappy, replace: review.stars == 1")
    assert program.rules[0].condition.span.text == "review.stars == 1"
    assert program.rules[0].condition.span.source.base_name == "policy.yaml"
    program = laid("table: most, replace: {beauty: 5}")
    assert "5" in repr(program.rules[1].condition)
    program = laid("measure: bad_reviews, replace: {over: 7d}")
    assert program.aggregates[0].length == 7 * 86_400_000_000
    program = laid("violation: swearing, replace: {points: 3}")
    assert program.violations["swearing"].points == 3
    program = laid("draft: thanks, replace: {templates: {else: [Danke!]}}")
    assert list(program.drafts[0].templates) == ["else"]
    program = laid("list: rewards, replace: {en: [gift]}")
    assert "gift" in repr(program.rules[2].condition)
    assert "voucher" not in repr(program.rules[2].condition)


def test_made_longer(laid: Laid) -> None:
    program = laid("ladder: points, append: {steps: [{at: 9, do: [close_shop permanently]}]}")
    assert [step.at for step in program.ladders[0].steps] == [4, 9]
    program = laid("list: bad, append: [terrible]")
    assert all(word in repr(program.rules[3].condition) for word in ("awful", "terrible"))
    program = laid("list: rewards, append: {en: [coupon], vi: [quà]}")
    words = repr(program.rules[2].condition)
    assert all(word in words for word in ("voucher", "coupon", "quà"))
    program = laid("table: most, append: {garden: 7}")
    assert "garden" in repr(program.rules[1].condition)
    program = laid("draft: thanks, append: {templates: {en: [Cheers!], th: [ขอบคุณ]}}")
    numbers = {language: len(texts) for language, texts in program.drafts[0].templates.items()}
    assert numbers == {"en": 2, "else": 1, "th": 1}
    program = laid("appeal: verdict, append: {attempts: [within 9d of rejection], links: [here]}")
    assert len(program.appeals[0].attempts) == 2
    assert program.appeals[0].links == ("here",)
    program = laid("draft: thanks, replace: {mode: approve}, append: {templates: {vi: [Cảm ơn]}}")
    assert program.drafts[0].mode.value == "approve"
    assert "vi" in program.drafts[0].templates


def test_a_rule_is_found_in_whichever_list_it_stands(laid: Laid) -> None:
    for name in ("unhappy-ones", "only-vn", "no-reward"):
        program = laid(f"rule: {name}, replace: {{owner: me}}")
        assert [rule.name for rule in program.rules if rule.owner == "me"] == [name]


def test_all_variants_of_a_name_are_overridden_and_others_may_be_added(layered: Layered) -> None:
    outcome = layered("""
# policy.yaml
policy: vn
extend: ../sea
override:
  - {rule: short, replace: {verdict: hold}}
  - {measure: bad, append: {links: [here]}}
review_rules:
  - {rule: short, regions: [SG], when: words(review.text) < 9, verdict: flag}
# ../sea/policy.yaml
policy: sea
regions: [TH, VN, SG]
review_rules:
  - {rule: short, regions: [TH], when: words(review.text) < 3, verdict: flag, because: so}
  - {rule: short, regions: [VN], when: words(review.text) < 2, verdict: flag, because: so}
measures:
  bad:
    - {regions: [TH, SG], per: shop, value: count(review), over: 30d}
    - {regions: [VN], per: shop, value: count(review), over: 60d}
thresholds:
  - {threshold: t, measure: bad, check: daily, bands: {few: below 9, many: from 9}}
appeals: [{appeal: verdict, attempts: [within 9d of notice]}]
""")
    assert outcome.found == []
    assert [rule.verdicts[""] for rule in outcome.program.rules] == ["hold", "hold", "flag"]
    assert [one.links for one in outcome.program.measures.every()] == [("here",), ("here",)]


def test_what_lies_outside_the_days_of_the_overlay_is_no_mistake(layered: Layered) -> None:
    below = """
# ../sea/policy.yaml
policy: sea
review_rules: [{rule: r, effective: {until: 2025-06-01}, when: review.stars == 1, verdict: flag}]
# ../sea/old.yaml
effective: {until: 2025-06-01}
review_rules: [{rule: s, when: review.stars == 1, verdict: flag}]
"""
    head = "# policy.yaml\npolicy: vn\nextend: ../sea\neffective: {from: 2025-07-01}\n"
    assert layered(head + below).found == []
    own = "review_rules: [{rule: t, effective: {until: 2025-06-01}, when: true, verdict: flag}]\n"
    assert layered(head + own + below).codes == ["W728"]


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("override", "codes"),
    [
        ("{rule: no-rewards, disable: true}", ["E225"]),
        ("{rule: thanks, disable: true}", ["E225"]),
        ("{draft: thanks}", ["E226"]),
        ("{disable: true}", ["E226"]),
        ("{}", ["E226"]),
        ("{rule: no-reward, draft: thanks, disable: true}", ["E226"]),
        ("{rule: no-reward, disable: false}", ["E226"]),
        ("{rule: no-reward, disable: true, replace: {owner: me}}", ["E226"]),
        ("{ladder: points, replace: {steps: []}, append: {steps: []}}", ["E226"]),
        ("{list: bad, replace: [a], append: [b]}", ["E226"]),
        ("{rule: no-reward, replace: {owner: a}}\n  - {rule: no-reward, disable: true}", ["E227"]),
        ("{rule: no-reward, replace: {rule: other}}", ["E228"]),
        ("{rule: no-reward, append: {rule: other}}", ["E228"]),
        ("{rule: no-reward, replace: other}", ["E228"]),
        ("{table: most, append: [other]}", ["E228"]),
        ("{table: most, append: {beauty: 3}}", ["E228"]),
        ("{list: bad, append: {en: [a]}}", ["E228"]),
        ("{list: rewards, append: [a]}", ["E228"]),
        ("{list: bad, append: word}", ["E228"]),
        ("{list: rewards, replace: [a]}", ["E228"]),
        ("{list: rewards, replace: a}", ["E228"]),
        ("{define: unhappy, append: [a]}", ["E228"]),
        ("{rule: no-reward, append: {because: more}}", ["E228"]),
        ("{rule: no-reward, replace: ~}", ["E201"]),
        ("{rule: 7, disable: true}", ["E204"]),
        ("{rule: no-reward, disable: please}", ["E201"]),
        ("{rules: no-reward, disable: true}", ["E202"]),
        ("no-reward", ["E201"]),
        ("{rule: no-reward, replace: {verdict: maybe}}", ["E207"]),
        ("{rule: no-reward, replace: {wen: true}}", ["E202"]),
        ("{define: unhappy, replace: [a]}", ["E201"]),
        ("{define: unhappy, replace: review.stars +}", ["E325"]),
        ("{ladder: points, append: {steps: [{at: 1, do: [close_shop for 7d]}]}}", ["E610"]),
    ],
)
def test_overrides_that_cannot_be(override: str, codes: list[str], layered: Layered) -> None:
    outcome = layered(over(f"  - {override}"))
    assert outcome.codes == codes, outcome.found
    assert outcome.found[0].span.source.base_name == "policy.yaml"


def test_what_was_meant(layered: Layered) -> None:
    (found,) = layered(over("  - {rule: no-rewards, disable: true}")).found
    assert found.help == "did you mean `no-reward`?"
    (found,) = layered(over("  - {rule: thanks, disable: true}")).found
    assert found.help == "it is a draft: write `draft: thanks`"
    (found,) = layered(over("  - {define: bad, disable: true}")).found
    assert found.help == "it is a list: write `list: bad`"


def test_a_name_that_the_pack_below_has(layered: Layered) -> None:
    (found,) = layered(over("", "lists: {bad: [a]}").replace("override:\n", "")).found
    assert found.code == "E209"
    assert found.span.source.base_name == "policy.yaml"
    assert "`override:`" in str(found.help)
    assert [label.span.source.base_name for label in found.labels] == ["../sea/policy.yaml"]


@pytest.mark.parametrize(
    "path",
    ["/sea", "C:\\sea", "c:/sea", "..\\sea", "\\\\server\\sea", "/"],
)
def test_paths_that_are_not_relative(path: str, layered: Layered) -> None:
    assert layered(f"# policy.yaml\npolicy: p\nextend: '{path}'\n").codes == ["E220"]


@pytest.mark.parametrize("value", ["[]", "{}", "~", "7", "true", "''"])
def test_paths_that_are_none(value: str, layered: Layered) -> None:
    assert layered(f"# policy.yaml\npolicy: p\nextend: {value}\n").codes == ["E201"]


def test_from_memory_the_other_pack_has_to_be_given() -> None:
    own = [Source("p", "policy: p\nextend: ../sea\n")]
    _, report = compile_sources(own)
    (found,) = report
    assert found.code == "E221"
    assert "give the files" in str(found.help)
    program, report = compile_sources(own, {"../x/../sea": [Source("s", "policy: s")]})
    assert program is not None
    assert list(report) == []


def test_what_is_below_must_be_sound(layered: Layered) -> None:
    outcome = layered(over("  - {rule: no-reward, disable: true}").replace("90d", "soon"))
    assert [(one.code, one.span.source.base_name) for one in outcome.found] == [
        ("E311", "../sea/policy.yaml")
    ] or outcome.codes
    outcome = layered("# policy.yaml\npolicy: p\nextend: ../sea\n# ../sea/policy.yaml\n- a\n")
    assert outcome.codes == ["E201"]
    outcome = layered("# policy.yaml\npolicy: p\nextend: ../sea\n# ../sea/policy.yaml\na: [\n")
    assert all(code.startswith("E1") for code in outcome.codes)


def test_the_overlay_names_its_policy_itself(layered: Layered) -> None:
    outcome = layered(f"# policy.yaml\nextend: ../sea\n{BASE}")
    assert [(one.code, one.span.source.base_name) for one in outcome.found] == [
        ("E210", "policy.yaml")
    ]


def test_only_one_pack_is_extended(layered: Layered) -> None:
    outcome = layered(
        f"# policy.yaml\npolicy: vn\nextend: ../sea\n# more.yaml\nextend: ../sea\n{BASE}"
    )
    assert outcome.codes == ["E209"]


# --------------------------------------------------------------------------- disk


def write(folder: Path, text: str, name: str = "policy.yaml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


RULE = "review_rules: [{rule: r, when: review.stars == 1, verdict: flag}]\n"


def codes(path: Path) -> list[str]:
    program, report = compile_policy(path)
    assert (program is None) is report.has_errors
    return [one.code for one in report]


def test_packs_in_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "sea", f"policy: sea\n{RULE}")
    write(tmp_path / "sea", "cases: nonsense", "cases.yaml")
    vn = write(tmp_path / "vn", "policy: vn\nextend: ../sea\n")
    program, report = compile_policy(vn)
    assert list(report) == []
    assert program is not None
    assert program.rules[0].span.source.name == str(tmp_path / "sea" / "policy.yaml")
    assert program.rules[0].span.source.base_name == "../sea/policy.yaml"
    monkeypatch.chdir(vn)
    here, _ = compile_policy(".")
    alone, _ = compile_policy("policy.yaml")
    assert here is not None
    assert alone is not None
    assert here.digest == alone.digest == program.digest
    assert here.rules[0].span.source.base_name == "../sea/policy.yaml"


def test_a_folder_inside_extends_the_one_around_it(tmp_path: Path) -> None:
    write(tmp_path, f"policy: sea\n{RULE}")
    assert codes(write(tmp_path / "vn", "policy: vn\nextend: ..\n")) == []


def test_a_pack_of_one_file(tmp_path: Path) -> None:
    write(tmp_path / "sea", f"policy: sea\n{RULE}", "one.yaml")
    write(tmp_path / "sea", "policy: other\n", "two.yaml")
    vn = write(tmp_path / "vn", "policy: vn\nextend: ../sea/one.yaml\n")
    program, _ = compile_policy(vn)
    assert program is not None
    assert program.rules[0].span.source.base_name == "../sea/one.yaml"
    write(tmp_path / "sea", f"policy: sea\nextend: ../deep\n{RULE}", "one.yaml")
    write(tmp_path / "deep", "policy: deep\ntitle: Deep\n")
    program, _ = compile_policy(vn)
    assert program is not None
    assert program.title == "Deep"


@pytest.mark.parametrize("path", ["../sea", "../" * 40 + "sea", "x" * 300, "a\\0b", "vn/x", "~"])
def test_packs_that_are_not_there(path: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert codes(write(tmp_path / "vn", f'policy: vn\nextend: "{path}"\n')) in (["E221"], ["E220"])
    assert codes(write(tmp_path / "vn", "policy: vn\nextend: ../empty\n")) == ["E221"]


def test_circles(tmp_path: Path) -> None:
    for text in (".", "../vn", "../../" + tmp_path.name + "/vn", "./policy.yaml"):
        own = write(tmp_path / "vn", f"policy: vn\nextend: {text}\n")
        assert codes(own) == ["E222"], text
    one = write(tmp_path / "one", "policy: one\nextend: ../two\n")
    write(tmp_path / "two", "policy: two\nextend: ../one\n")
    assert codes(one) == ["E222"]


def test_symbolic_links_lead_where_they_lead(tmp_path: Path) -> None:
    write(tmp_path / "real" / "sea", f"policy: sea\n{RULE}")
    write(tmp_path / "sea", "policy: another\n")
    vn = write(tmp_path / "real" / "vn", "policy: vn\nextend: ../sea\n")
    link = tmp_path / "link"
    link.symlink_to(vn)
    program, report = compile_policy(link)
    assert list(report) == []
    assert program is not None
    assert [rule.name for rule in program.rules] == ["r"]
    assert os.path.realpath(program.rules[0].span.source.name) == str(
        tmp_path / "real" / "sea" / "policy.yaml"
    )
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert codes(write(tmp_path / "x", "policy: x\nextend: ../loop\n")) == ["E221"]
    (tmp_path / "self").symlink_to(tmp_path / "x")
    assert codes(write(tmp_path / "x", "policy: x\nextend: ../self\n")) == ["E222"]


# ---------------------------------------------------------------------- any overlay

words = st.sampled_from(["rule", "list", "table", "define", "draft", "ladder", "measure", "x"])
things = st.sampled_from(["no-reward", "bad", "most", "unhappy", "thanks", "points", "zzz"])
values = st.recursive(
    st.sampled_from(["~", "7", "true", "[]", "{}", "a", "[a]", "{en: [a]}", "{steps: []}"]),
    lambda inner: st.builds("{{bands: {0}, verdict: {1}}}".format, inner, inner),
    max_leaves=4,
)
entries = st.builds(
    "  - {{{0}: {1}, {2}: {3}}}".format,
    words,
    things,
    st.sampled_from(["disable", "replace", "append"]),
    values,
)


@settings(max_examples=80, deadline=None)
@given(overrides=st.lists(entries, min_size=1, max_size=3))
def test_there_is_always_an_answer(overrides: list[str]) -> None:
    own = "policy: vn\nextend: ../sea\noverride:\n" + "\n".join(overrides) + "\n"
    base = BASE.partition("policy.yaml\n")[2]
    program, report = compile_sources([Source("p", own)], {"../sea": [Source("policy.yaml", base)]})
    assert (program is None) is report.has_errors


def test_thousands_of_overrides_are_looked_at_in_one_go(layered: Layered) -> None:
    many = "".join(f"  - {{rule: r{i}, replace: {{owner: me}}}}\n" for i in range(3_000))
    rules = "".join(
        f"  - {{rule: r{i}, when: review.stars == 1, verdict: flag}}\n" for i in range(3_000)
    )
    outcome = layered(
        f"# policy.yaml\npolicy: p\nextend: ../q\noverride:\n{many}"
        f"# ../q/policy.yaml\npolicy: q\nreview_rules:\n{rules}"
    )
    assert outcome.found == []
    assert {rule.owner for rule in outcome.program.rules} == {"me"}
