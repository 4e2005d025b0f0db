"""Statements of reasons: check, record and schema say the same, and restrictions are told."""

from __future__ import annotations

from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.records.decision import (
    ActionChange,
    Decision,
    Integrity,
    Outcome,
    PolicyRef,
    RuleRef,
    Subject,
    Times,
)
from revlex.engine.records.projections.dsa.checking import mistakes
from revlex.engine.records.projections.dsa.describing import says
from revlex.engine.records.projections.dsa.drafting import draft, is_in_scope
from revlex.engine.records.projections.dsa.restricting import restriction_of
from revlex.engine.records.projections.dsa.schema import statement_schema
from revlex.engine.records.projections.dsa.settings import Settings, laid
from revlex.engine.records.projections.dsa.statement import FORMS, REQUIRED, Some, Statement

VALIDATOR = jsonschema.Draft202012Validator(statement_schema())

WHOLE: dict[str, Any] = {
    "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
    "decision_facts": "the review holds an address",
    "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
    "incompatible_content_ground": "Review terms, section 4",
    "incompatible_content_explanation": "a review must not hold addresses",
    "content_type": ["CONTENT_TYPE_TEXT"],
    "category": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
    "category_specification": ["KEYWORD_INAUTHENTIC_USER_REVIEWS"],
    "territorial_scope": ["DE", "FR"],
    "content_date": "2025-07-01",
    "application_date": "2025-07-02",
    "end_date_visibility_restriction": "2025-08-01",
    "source_type": "SOURCE_VOLUNTARY",
    "automated_detection": "Yes",
    "automated_decision": "AUTOMATED_DECISION_FULLY",
    "puid": "ajciawt6xuiegnqwvyl5zxzz3l",
}

# As the documentation of the database states them, apart from how the code has them.
LIMITS = {
    "decision_visibility_other": 500,
    "decision_monetary_other": 500,
    "decision_facts": 5000,
    "decision_ground_reference_url": 500,
    "illegal_content_legal_ground": 500,
    "illegal_content_explanation": 2000,
    "incompatible_content_ground": 500,
    "incompatible_content_explanation": 2000,
    "content_type_other": 500,
    "category_specification_other": 500,
    "source_identity": 500,
    "puid": 500,
}


def fits(fields: dict[str, Any]) -> bool:
    return not list(VALIDATOR.iter_errors(fields))


def told(fields: dict[str, Any]) -> list[str]:
    return [f"{one.field} {one.what}" for one in mistakes(fields)]


def without(*names: str, **more: Any) -> dict[str, Any]:
    return {name: value for name, value in WHOLE.items() if name not in names} | more


def test_the_record_has_the_fields_of_the_check() -> None:
    assert Statement.__struct_fields__ == tuple(FORMS)
    needed = {one.name for one in msgspec.structs.fields(Statement) if one.required}
    assert needed == set(REQUIRED)
    lists = {name for name, form in FORMS.items() if isinstance(form, Some)}
    for one in msgspec.structs.fields(Statement):
        assert (one.type is list[str] or "list" in str(one.type)) is (one.name in lists)


def test_a_whole_statement_has_no_mistake_and_comes_out_as_it_went_in() -> None:
    assert mistakes(WHOLE) == []
    assert fits(WHOLE)
    written = msgspec.json.encode(msgspec.convert(WHOLE, Statement))
    assert msgspec.json.decode(written) == WHOLE


@pytest.mark.parametrize("name", LIMITS)
def test_a_text_may_have_so_many_characters_and_no_more(name: str) -> None:
    start = "https://example.org/" if name.endswith("url") else ""
    letter = "x" if name in {"puid", "decision_ground_reference_url"} else "é"
    longest = start + letter * (LIMITS[name] - len(start))
    of_this = [one for one in mistakes(WHOLE | {name: longest}) if "characters" in one.what]
    assert of_this == []
    (mistake,) = [one for one in mistakes(WHOLE | {name: f"{longest}x"}) if "taken" in one.what]
    assert (mistake.field, mistake.value) == (name, f"{longest}x")
    assert f"{LIMITS[name]:,}" in mistake.what


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no restriction": (
        without("decision_visibility", "end_date_visibility_restriction"),
        "decision_visibility is missing, and so are the others of",
    ),
    "a field is missing": (without("content_date"), "content_date is missing"),
    "a blank text": (without(decision_facts=" \n"), "decision_facts is blank"),
    "an unknown field": (without(url="https://example.org"), "url is no field of a statement"),
    "another word": (without(category="STATEMENT_CATEGORY_PIRACY"), "category is none of the 16"),
    "another word in a list": (
        without(content_type=["CONTENT_TYPE_TEXT", "TEXT"]),
        "content_type holds what is none of the 8",
    ),
    "an empty list": (without(territorial_scope=[]), "territorial_scope is no list of words"),
    "a word for a list": (without(content_type="CONTENT_TYPE_TEXT"), "content_type is no list"),
    "a word twice": (
        without(territorial_scope=["DE", "DE"]),
        "territorial_scope says a word twice",
    ),
    "a country elsewhere": (without(territorial_scope=["UK"]), "territorial_scope holds what is"),
    "no day": (without(content_date="2025-02-30"), "content_date is no day"),
    "a time": (without(application_date="2025-07-02T00:00:00Z"), "application_date is no day"),
    "too early": (without(application_date="2019-12-31"), "application_date is not a day from"),
    "too late": (
        without(end_date_visibility_restriction="2038-01-02"),
        "end_date_visibility_restriction is not a day from",
    ),
    "ends before it begins": (
        without(end_date_visibility_restriction="2025-07-01"),
        "end_date_visibility_restriction is before the `application_date`, 2025-07-02",
    ),
    "an end of nothing": (
        without(end_date_account_restriction="2025-08-01"),
        "end_date_account_restriction goes with `decision_account` only",
    ),
    "other, and not which": (
        without(decision_visibility=["DECISION_VISIBILITY_OTHER"]),
        "decision_visibility_other is missing: `decision_visibility` says",
    ),
    "which, and not other": (
        without(content_type_other="a hologram"),
        "content_type_other goes with CONTENT_TYPE_OTHER as `content_type` only",
    ),
    "the explanation of another ground": (
        without(illegal_content_explanation="x"),
        "illegal_content_explanation goes with DECISION_GROUND_ILLEGAL_CONTENT",
    ),
    "no explanation of the ground": (
        without("incompatible_content_explanation"),
        "incompatible_content_explanation is missing: `decision_ground` says",
    ),
    "nobody notified": (
        without(source_identity="a reader"),
        "source_identity does not go with SOURCE_VOLUNTARY as `source_type`",
    ),
    "a puid with a blank": (without(puid="a b"), "puid may have letters"),
    "a puid with a line end": (without(puid="ab\n"), "puid may have letters"),
    "no address": (
        without(decision_ground_reference_url="see the terms"),
        "decision_ground_reference_url is no web address",
    ),
    "no text": (without(decision_facts=7), "decision_facts is no text"),
    "half a character": (without(decision_facts="a\ud800"), "decision_facts holds a control"),
    "a control character": (without(decision_facts="a\x00b"), "decision_facts holds a control"),
}

BEYOND_A_SCHEMA = {
    "ends before it begins",
    "too early",
    "too late",
    "no day",
    "half a character",
    "a control character",
    "a puid with a line end",  # Python reads `$` so; other readers of schemas do not
}


@pytest.mark.parametrize("name", WRONG)
def test_each_mistake_is_named_once_and_the_schema_sees_it_too(name: str) -> None:
    fields, says_ = WRONG[name]
    (found,) = told(fields)
    assert found.startswith(says_), found
    assert fits(fields) is (name in BEYOND_A_SCHEMA)


values = st.one_of(
    st.sampled_from([word for form in FORMS.values() for word in getattr(form, "words", ())]),
    st.text(max_size=8),
    st.dates().map(str),
    st.lists(
        st.sampled_from([*getattr(FORMS["territorial_scope"], "words", ()), "UK"]), max_size=3
    ),
    st.none(),
    st.integers(),
)


@given(st.dictionaries(st.sampled_from([*FORMS, "url"]), values, max_size=4), st.data())
def test_what_has_no_mistake_fits_the_schema(changes: dict[str, Any], data: st.DataObject) -> None:
    left_out = data.draw(st.sets(st.sampled_from(sorted(WHOLE)), max_size=2))
    fields = without(*left_out) | changes
    found = mistakes(fields)
    if not found:
        assert fits(fields)
        msgspec.convert(fields, Statement)
    elif fits(fields):  # a schema lets by days that are none or in the wrong order, and controls
        beyond = ("day", "date", "control character")
        assert all(any(word in one.what for word in beyond) for one in found), found


def test_every_field_is_described() -> None:
    assert all(says(name) for name in FORMS)


# --------------------------------------------------------------------------- restrictions


def decision(kind: str = "verdict", **more: Any) -> Decision:
    outcome = more.pop("outcome", Outcome(verdict="refuse"))
    subject = {"kind": "review", "id": "r1", "shop": "s1", "region": "DE", "review": "r1"}
    rule = {
        "id": "no-links",
        "section": "review_rules",
        "status": "enforce",
        "file": "p",
        "line": 1,
    }
    time = {"event_time": "2025-07-02T09:00:00+02:00", "decided_at": "2025-07-02T09:00:00+02:00"}
    return Decision(
        decision_id="d1",
        kind=kind,  # type: ignore[arg-type]
        mode=more.pop("mode", "live"),
        sequence=1,
        time=Times(**(time | more.pop("time", {}))),
        subject=Subject(**(subject | more.pop("subject", {}))),
        policy=PolicyRef("policy", "1", "digest", "0.1.0"),
        rule=RuleRef(**({"because": "it holds an address"} | rule | more.pop("rule", {}))),
        outcome=outcome,
        integrity=Integrity("", ""),
        **more,
    )


def action(change: str = "applied", **more: Any) -> Decision:
    said: dict[str, Any] = {
        "action": "close_shop",
        "change": change,
        "scope": "shop",
        "target": "s1",
        "start": "2025-07-02T09:00:00+02:00",
    }
    return decision("action", outcome=Outcome(actions=[ActionChange(**(said | more))]))


NONE = {
    "allowed": decision(outcome=Outcome(verdict="allow")),
    "flagged": decision(outcome=Outcome(verdict="flag")),
    "in the shadow": decision(mode="shadow"),
    "in a test": decision(mode="test"),
    "a replay": decision(mode="replay"),
    "only warned": decision(rule={"status": "warn"}),
    "not decided": decision(rule={"result": "error"}),
    "a report refused": decision(subject={"kind": "report"}),
    "a violation": decision("violation", outcome=Outcome(violation="x")),
    "a reversal": decision("reversal", outcome=Outcome(verdict="refuse"), reverses="d0"),
    "lifted": action("lifted"),
    "expired": action("expired"),
    "suspended": action("suspended"),
    "kept": action("kept"),
    "not begun": action("scheduled"),
    "held back": action(held_back_by="the decision is about no such thing"),
}


@pytest.mark.parametrize("name", NONE)
def test_what_restricts_nobody_needs_no_statement(name: str) -> None:
    assert restriction_of(NONE[name]) is None


ON: dict[str, tuple[Decision, dict[str, Any]]] = {
    "refused": (decision(), {"decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"]}),
    "held": (
        decision(outcome=Outcome(verdict="hold")),
        {"decision_visibility": ["DECISION_VISIBILITY_CONTENT_DISABLED"]},
    ),
    "a reply rejected": (
        decision(outcome=Outcome(verdict="reject"), subject={"kind": "reply", "id": "p1"}),
        {
            "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
            "account_type": "ACCOUNT_TYPE_BUSINESS",
            "category": "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
        },
    ),
    "a product frozen": (
        action(scope="product", target="lamp", until="2025-07-23T09:00:00+02:00"),
        {
            "decision_visibility": ["DECISION_VISIBILITY_CONTENT_DISABLED"],
            "end_date_visibility_restriction": "2025-07-23",
            "content_type": ["CONTENT_TYPE_PRODUCT"],
        },
    ),
    "a product gone": (
        action(scope="product", target="lamp", permanent=True),
        {"decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"]},
    ),
    "funds held": (
        action("extended", scope="fund", until="2025-07-23T09:00:00+02:00"),
        {
            "decision_monetary": "DECISION_MONETARY_SUSPENSION",
            "end_date_monetary_restriction": "2025-07-23",
            "content_type_other": "the account of a shop",
        },
    ),
    "funds kept for good": (
        action(scope="fund", permanent=True),
        {"decision_monetary": "DECISION_MONETARY_TERMINATION"},
    ),
}

SETTINGS = Settings(
    statement={"incompatible_content_ground": "Review terms, section 4"},
    actions={"close_shop": {}, "warn": None},
    rules={"quiet": None},
    regions={"NORTH": ("DK", "SE")},
)


def drafted(of: Decision, settings: Settings = SETTINGS) -> dict[str, Any] | None:
    restriction = restriction_of(of)
    assert restriction is not None
    return draft(of, restriction, settings, {"content_date": "2025-07-01"})


@pytest.mark.parametrize("name", ON)
def test_a_restriction_is_told_as_what_it_is(name: str) -> None:
    of, expected = ON[name]
    fields = drafted(of)
    assert fields is not None
    assert {key: fields.get(key) for key in expected} == expected
    assert mistakes(fields) == []
    assert [key for key in fields if key.startswith("end_date")] == [
        key for key in expected if key.startswith("end_date")
    ]


def test_what_an_action_on_a_shop_is_has_to_be_said() -> None:
    fields = drafted(action())
    assert fields is not None
    assert [one.field for one in mistakes(fields)] == ["decision_visibility"]
    said = {"decision_account": "DECISION_ACCOUNT_SUSPENDED"}
    fields = drafted(action(), Settings(statement=SETTINGS.statement, actions={"close_shop": said}))
    assert fields is not None
    assert mistakes(fields) == []


def test_none_says_that_there_is_no_statement() -> None:
    assert drafted(action(action="warn")) is None
    assert drafted(decision(rule={"id": "quiet"})) is None
    assert drafted(decision(), Settings(verdicts={"refuse": None})) is None
    assert drafted(decision(), Settings(scopes={"review": None})) is None


def test_the_particular_counts_before_the_general() -> None:
    settings = Settings(
        statement={
            "category": "STATEMENT_CATEGORY_VIOLENCE",
            "account_type": "ACCOUNT_TYPE_BUSINESS",
        },
        scopes={"review": {"content_language": "EN"}},
        verdicts={"refuse": {"content_language": "DE"}},
        rules={"no-links": {"content_language": "FR"}, "close_shop": {"content_language": "IT"}},
    )
    fields = drafted(decision(), settings)
    assert fields is not None
    assert fields["content_language"] == "FR"
    assert fields["category"] == "STATEMENT_CATEGORY_VIOLENCE"
    assert fields["account_type"] == "ACCOUNT_TYPE_BUSINESS"
    assert "category_specification" not in fields  # the keyword belonged to the usual category


def test_with_another_ground_the_texts_of_the_first_go() -> None:
    illegal = {
        "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
        "illegal_content_legal_ground": "§ 1",
    }
    fields = drafted(
        decision(), Settings(statement=SETTINGS.statement, rules={"no-links": illegal})
    )
    assert fields is not None
    assert mistakes(fields) == []
    assert fields["illegal_content_explanation"] == "it holds an address"
    assert not any(name.startswith("incompatible") for name in fields)


def test_blocks_that_say_nothing_anew_are_added() -> None:
    assert laid({"category": "A", "category_specification": ["K"]}, {"puid": "x"}) == {
        "category": "A",
        "category_specification": ["K"],
        "puid": "x",
    }


def test_slots_are_filled_in_once() -> None:
    settings = Settings(statement={"decision_facts": "{rule} of {policy} {version}: {because} {x}"})
    fields = drafted(decision(rule={"because": "{rule} and {policy}"}), settings)
    assert fields is not None
    assert fields["decision_facts"] == "no-links of policy 1: {rule} and {policy} {x}"


REGIONS = {
    "DE": ["DE"],
    "NO": ["NO"],
    "EU": 27,
    "EEA": 30,
    "NORTH": ["DK", "SE"],
    "UK": None,
    "TH": None,
    "": None,
    "de": None,
}


@pytest.mark.parametrize("region", REGIONS)
def test_statements_are_due_in_the_european_economic_area(region: str) -> None:
    of, expected = decision(subject={"region": region}), REGIONS[region]
    assert is_in_scope(of, SETTINGS) is (expected is not None)
    fields = drafted(of)
    assert fields is not None
    scope = fields.get("territorial_scope")
    assert (len(scope) if isinstance(expected, int) and scope else scope) == expected
    everywhere = Settings(all_regions=True)
    assert is_in_scope(of, everywhere)


def test_the_day_of_the_decision_stands_for_the_content_where_that_is_said() -> None:
    fields = drafted(decision(), Settings(statement={"content_date": "event"}))
    assert fields is not None
    assert fields["content_date"] == fields["application_date"] == "2025-07-02"
