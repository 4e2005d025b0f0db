"""Each decision that restricts somebody becomes a statement that fits, or is named."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from revlex.engine import Program, Source, compile_sources
from revlex.engine.authoring.exporting.personal import personal_data
from revlex.engine.authoring.exporting.statements import Refused, Statements
from revlex.engine.records.decision import (
    ActionChange,
    Decision,
    Evidence,
    Integrity,
    Outcome,
    PolicyRef,
    RuleRef,
    Subject,
    Times,
)
from revlex.engine.records.explanation import Explanation, Place
from revlex.engine.records.projections.dsa.restricting import restriction_of
from revlex.engine.records.projections.dsa.schema import statement_schema
from revlex.engine.records.projections.dsa.settings import Settings
from revlex.engine.records.projections.dsa.statement import Statement
from revlex.engine.records.sealing import withhold

VALIDATOR = jsonschema.Draft202012Validator(statement_schema())
LONGEST = {"decision_facts": 5000, "incompatible_content_explanation": 2000, "puid": 500}
GROUND = {"incompatible_content_ground": "Review terms, section 4"}
CLOSED = {"close_shop": {"decision_account": "DECISION_ACCOUNT_SUSPENDED"}}
KNOWN = {"content_date": "2025-07-01"}
SETTINGS = Settings(statement=GROUND, actions=CLOSED)


def made(decision: Decision, settings: Settings = SETTINGS, day: str | None = "2025-07-01") -> Any:
    known = {} if day is None else {"content_date": day}
    return Statements(settings, lambda *_: known, {}).of(decision)


def field(text: str, value: Any, type_: str = "text") -> Explanation:
    return Explanation(text, Place("p", 1, 1), "field", type_, value)


def refused(because: str | None, *read: Explanation, **more: Any) -> Decision:
    return Decision(
        decision_id="d1",
        kind=more.pop("kind", "verdict"),
        mode=more.pop("mode", "live"),
        sequence=1,
        time=more.pop("time", Times("2025-07-02T09:00:00+02:00", "2025-07-02T09:00:00+02:00")),
        subject=more.pop("subject", Subject("review", "r1", "s1", "DE", buyer="anna88")),
        policy=more.pop("policy", PolicyRef("policy", "1", "digest", "0.1.0")),
        rule=RuleRef("no-links", "review_rules", "enforce", "p", 1, "fired", because),
        outcome=more.pop("outcome", Outcome(verdict="refuse")),
        evidence=more.pop(
            "evidence",
            Evidence(
                Explanation(
                    "x and y", Place("p", 1, 1), "and", "condition", value=True, children=read
                )
            ),
        ),
        integrity=Integrity("", ""),
        **more,
    )


# ------------------------------------------------------------------------- whatever comes

texts = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["x" * 1_999, "x" * 2_000, "x" * 2_001, "é" * 4_900, "x" * 6_000, " ", "{because}"]
    ),
)
times = st.one_of(
    st.datetimes().map(lambda one: f"{one.isoformat()}+02:00"),
    st.just("1970-01-01T00:00:00+00:00 and 9999999d"),
)
changes = st.builds(
    ActionChange,
    action=st.sampled_from(["close_shop", "freeze", "warn"]),
    change=st.sampled_from(["applied", "extended", "kept", "scheduled", "lifted"]),
    scope=st.sampled_from(["shop", "fund", "product", "review", "reply"]),
    target=texts,
    start=times,
    until=st.none() | times,
    permanent=st.booleans(),
)
decisions = st.builds(
    Decision,
    decision_id=st.one_of(st.text(max_size=5), st.just("x" * 501), st.just("abc_-9")),
    kind=st.sampled_from(["verdict", "action", "violation", "reversal", "step"]),
    mode=st.sampled_from(["live", "live", "shadow", "test"]),
    sequence=st.just(1),
    time=st.builds(Times, times, times, st.none() | times, st.none() | times),
    subject=st.builds(
        Subject,
        kind=st.sampled_from(["review", "reply", "report", "shop", "product"]),
        id=texts,
        shop=texts,
        region=st.sampled_from(["DE", "NO", "EU", "TH", ""]),
        buyer=st.none() | texts,
    ),
    policy=st.builds(PolicyRef, texts, texts, st.just("digest"), st.just("0.1.0")),
    rule=st.builds(
        RuleRef,
        id=texts,
        section=texts,
        status=st.sampled_from(["enforce", "enforce", "warn"]),
        file=texts,
        line=st.just(1),
        because=st.none() | texts,
    ),
    outcome=st.builds(
        Outcome,
        verdict=st.sampled_from(["refuse", "hold", "reject", "flag", None]),
        actions=st.lists(changes, max_size=2),
    ),
    integrity=st.just(Integrity("", "")),
)
some = st.builds(
    Settings,
    statement=st.sampled_from([GROUND, {}, GROUND | {"decision_facts": "{rule}: {because}"}]),
    actions=st.sampled_from([CLOSED, {}, {"freeze": None}]),
    all_regions=st.booleans(),
)


@given(decisions, some, st.none() | st.dates().map(str))
@example(refused("x" * 2_001), SETTINGS, "2025-07-01")
@example(refused("it holds an address"), SETTINGS, None)
@example(refused("it holds an address"), SETTINGS, "2025-07-01")
def test_whatever_is_decided_fits_or_is_named(
    decision: Decision, settings: Settings, day: str | None
) -> None:
    found = made(decision, settings, day)
    if isinstance(found, Statement):
        fields = json.loads(msgspec.json.encode(found))
        assert not list(VALIDATOR.iter_errors(fields))
        assert all(len(fields.get(name, "")) <= most for name, most in LONGEST.items())
        assert fields["puid"] == decision.decision_id
        assert decision.mode == "live"
    elif found is not None:
        assert found
        for one in found:
            assert isinstance(one, Refused)
            assert one.decision_id == decision.decision_id
            assert one.field in one.sentence()
            msgspec.json.encode(one)
    elif restriction_of(decision) is not None:
        left_out = decision.subject.region in {"TH", ""} and not settings.all_regions
        assert left_out or None in settings.actions.values()


# -------------------------------------------------------------------------- personal data

PERSONAL = {
    "an e-mail address": "write to ann@example.org",
    "a phone number": "it says to call 0812 3456 7890",
    "somebody's name on another platform": "it names @ann_sells",
    "the address of somebody's page": "see https://example.org/users/ann",
}


@pytest.mark.parametrize("what", PERSONAL)
def test_personal_data_is_refused_and_named(what: str) -> None:
    found = made(refused(PERSONAL[what]))
    assert {one.field for one in found} == {"decision_facts", "incompatible_content_explanation"}
    assert {one.problem for one in found} == {f"holds {what}"}
    assert PERSONAL[what][:40] in found[0].sentence()


ADDRESSES = {
    "https://example.org/terms#4": False,
    "https://example.org/user-terms": False,
    "https://example.org/users/ann": True,
    "https://example.org/@ann": True,
    "https://example.org/x?user=ann": True,
    "https://ann:secret@example.org/": True,
    "https://example.org/profile/1": True,
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_may_not_lead_to_somebody(address: str) -> None:
    fields = {"decision_ground_reference_url": address}
    assert bool(list(personal_data(fields, refused("x")))) is ADDRESSES[address]


def test_the_key_and_the_name_of_the_buyer_are_found() -> None:
    keyed = made(refused("anna88 wrote this before"))
    assert {one.problem for one in keyed} == {"holds the key of the buyer"}
    assert isinstance(made(refused("anna880 is a number")), Statement)
    named = made(refused("Ann wrote this", field("buyer.name", "Ann")))
    assert {one.problem for one in named} == {"holds words of a buyer or a seller"}


def test_words_that_the_condition_read_are_found_however_they_are_written() -> None:
    words = field("review.text", "My lamp broke after a day")
    found = made(refused("the buyer says: MY  LAMP BROKE after a day", words))
    assert {one.problem for one in found} == {"holds words of a buyer or a seller"}
    cut = field("review.text", "My lamp broke after…")
    assert made(refused("“my lamp broke after a day”", cut))[0].field == "decision_facts"


HARMLESS = {
    "short": field("review.text", "broken"),
    "of the marketplace": field("product.category", "lamps and candles"),
    "a word of a list": field("review.class", "lamps and candles", "one of `lamps and candles`"),
    "a language": field("review.language", "lamps and candles"),
    "an id": field("review.order_id", "lamps and candles"),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_no_word_of_a_person_may_be_said(name: str) -> None:
    said = f"broken {HARMLESS[name].value}"
    assert isinstance(made(refused(said, HARMLESS[name])), Statement)


def test_a_reason_that_was_withheld_is_no_reason() -> None:
    taken = withhold(refused("the reply offers a voucher"), b"key")
    assert {one.problem for one in made(taken)} == {"rests on a text that was withheld"}
    fixed = {
        "decision_facts": "it offered a reward",
        "incompatible_content_explanation": "a reward",
    }
    assert isinstance(made(taken, Settings(statement=GROUND | fixed)), Statement)


POLICY = """
policy: reasons
review_rules:
  - rule: quoting
    when: review.stars == 1
    verdict: refuse
    because: "{buyer.name ?? 'somebody'} gave one star"
  - rule: no-links
    when: has_url(review.text)
    verdict: refuse
    because: "it has {review.stars} stars and an address; language {review.language ?? 'unknown'}"
  - {rule: plain, when: review.text == "", verdict: refuse, because: a review must not be empty}
appeals: [{appeal: verdict, attempts: [within 7d of notice]}]
"""


def compiled() -> Program:
    program, report = compile_sources([Source("policy.yaml", POLICY)])
    assert program is not None, [one.message for one in report]
    return program


def test_a_reason_that_fills_in_who_somebody_is_is_refused_where_the_policy_is_known() -> None:
    statements = Statements(SETTINGS, lambda *_: KNOWN, {"digest": compiled()})
    quoting = msgspec.structs.replace(refused("Ann gave one star").rule, id="quoting")
    found = statements.of(msgspec.structs.replace(refused("Ann gave one star"), rule=quoting))
    assert isinstance(found, list)
    assert {one.problem for one in found} == {"has a reason that fills in what a person wrote"}
    other = statements.of(refused("it has 1 stars and an address; language en"))
    assert isinstance(other, Statement)
    # the reason of an action is that of whatever brought it
    change = ActionChange("freeze", "applied", "product", "lamp", "2025-07-02T09:00:00+02:00")
    brought = refused("Ann gave one star", kind="action", outcome=Outcome(actions=[change]))
    assert isinstance(statements.of(brought), list)


def test_a_withheld_reason_is_known_where_the_policy_says_always_the_same() -> None:
    statements = Statements(SETTINGS, lambda *_: KNOWN, {"digest": compiled()})
    for rule, said in (("plain", "a review must not be empty"), ("no-links", None)):
        decision = refused("as it was")
        named = msgspec.structs.replace(decision.rule, id=rule)
        taken = withhold(msgspec.structs.replace(decision, rule=named), b"key")
        found = statements.of(taken)
        if said is None:
            assert isinstance(found, list)
        else:
            assert isinstance(found, Statement)
            assert found.incompatible_content_explanation == said


# --------------------------------------------------------------------------------- actions


def begun(decision_id: str, change: str, because: str | None, causes: list[str]) -> Decision:
    changed = ActionChange("close_shop", change, "shop", "s1", "2025-07-02T09:00:00+02:00")  # type: ignore[arg-type]
    decision = refused(because, kind="action", outcome=Outcome(actions=[changed]))
    return msgspec.structs.replace(
        decision, decision_id=decision_id, evidence=Evidence(causes=causes)
    )


def test_a_delayed_action_is_for_the_reason_that_it_was_asked_for() -> None:
    statements = Statements(SETTINGS, lambda *_: KNOWN, {})
    assert statements.of(begun("d1", "scheduled", "too many points", [])) is None
    statement = statements.of(begun("d2", "applied", None, ["d1"]))
    assert isinstance(statement, Statement)
    assert statement.incompatible_content_explanation == "too many points"
    unknown = statements.of(begun("d3", "applied", None, ["d0"]))
    assert isinstance(unknown, Statement)
    assert "`no-links` applies" in unknown.decision_facts


def test_what_an_action_is_has_to_be_said_in_the_configuration() -> None:
    found = made(begun("d1", "applied", "x", []), Settings(statement=GROUND))
    assert [one.field for one in found] == ["decision_visibility"]
    assert "say under `actions` which `close_shop` is, or `none`" in found[0].problem
