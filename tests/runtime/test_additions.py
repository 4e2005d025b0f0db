"""What a policy adds to the catalog: read, kept, counted and judged like what ships."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.authoring.running import Outcome, run_batch
from revlex.engine.language.catalog import build_catalog, catalog_data, standard_catalog
from revlex.engine.language.compiler import compile_policy, compile_sources
from revlex.engine.language.sections.addition_names import ENVELOPE as RESERVED
from revlex.engine.language.source import Source
from revlex.engine.runtime.event_types import ENVELOPE, Event
from revlex.engine.runtime.events import Decoder
from revlex.engine.runtime.rejections import Rejection
from revlex.tests.reference.streams import Shop, compiled

POLICY = """
policy: plans
version: "1"
retention: 40d
catalog:
  entities:
    plan:
      key: plan_id
      links: {product: product_id, campaign: campaign_id}
      date: campaign.begins_at
      counts_while: {state: [open]}
      fields:
        state: one of open | closed = open
        share: decimal = 0.125
        tags: list of text = []
        class: text = ""
    campaign:
      key: campaign_id
      fields: {begins_at: optional instant, plans: integer = 0}
    product: {fields: {colour: text = grey}}
  events:
    campaign.begun:
      about: campaign
      fields: {campaign_id: text, begins_at: instant}
    plan.made:
      about: plan
      entity: new
      needs: [campaign]
      fields:
        plan_id: text
        campaign_id: text
        product_id: optional text
        share: optional decimal
        tags: optional list of text
        class: optional text
        colour: optional text
      sets: {product.colour: colour}
      counts: [campaign.plans]
    plan.closed:
      about: plan
      entity: known
      settles: true
      fields: {plan_id: text}
      sets: {plan.state: '"closed"'}
    product.listed: {fields: {colour: optional text}}
event_rules:
  - rule: many
    event: plan.made
    when: campaign.plans > 2
    verdict: hold
    hold_for: 2d
    then: refuse
    because: this is the plan {campaign.plans} of {plan.class}
  - {rule: red, event: plan.made, when: product.colour == "red", verdict: flag}
  - {rule: new, event: plan.made, when: plan.class == "new" and "x" in plan.tags, verdict: flag}
measures:
  open: {per: shop, value: count(plan where plan.verdict != refuse), over: 30d}
  share: {per: product, value: average(plan.share of plan), over: 30d}
thresholds:
  - threshold: open
    measure: open
    check: on change
    bands: {none: below 1, few: from 1 below 3, many: from 3}
  - {threshold: share, measure: share, check: on change, bands: {low: below 0.13, high: from 0.13}}
appeals:
  - {appeal: verdict, attempts: [within 7d of notice], recompute: retroactive}
"""


def shop() -> Shop:
    return Shop(compiled(POLICY))


def begun() -> Shop:
    one = shop()
    one.send(
        "2025-06-01T09:00", "campaign.begun", campaign_id="c1", begins_at="2025-06-01T09:00:00Z"
    )
    return one


def made(one: Shop, number: int, **fields: Any) -> None:
    at = f"2025-06-01T1{number}:00"
    one.send(at, "plan.made", plan_id=f"p{number}", campaign_id="c1", **fields)


def verdicts(one: Shop) -> list[tuple[str, str | None, str]]:
    return [(d.rule.id, d.outcome.verdict, d.subject.id) for d in one.of("verdict")]


def test_kinds_fields_and_events_work_together() -> None:
    one = begun()
    made(one, 1, product_id="x", share="0.2", class_="new", tags=["x"])
    made(one, 2, product_id="x", colour="red")
    made(one, 3, product_id="y")
    assert verdicts(one) == [("new", "flag", "p1"), ("red", "flag", "p2"), ("many", "hold", "p3")]
    assert one.of("verdict")[-1].rule.because == "this is the plan 3 of "
    assert one.bands() == {("open", ""): "many", ("share", "x"): "high", ("share", "y"): "low"}
    one.send("2025-06-02T10:00", "plan.closed", plan_id="p1")
    assert one.bands()["open", ""] == "few"
    one.advance("2025-06-05T10:00")
    assert verdicts(one)[-1] == ("many", "refuse", "p3")


def test_an_event_that_settles_ends_a_hold() -> None:
    one = begun()
    for number in (1, 2, 3):
        made(one, number)
    one.send("2025-06-02T10:00", "plan.closed", plan_id="p3")
    one.advance("2025-06-10T10:00")
    assert verdicts(one) == [("many", "hold", "p3")]


def test_history_is_evaluated_again_with_what_was_added() -> None:
    one = begun()
    for number in (1, 2, 3):
        made(one, number)
    one.advance("2025-06-05T10:00")
    assert one.bands()["open", ""] == "few"
    one.send("2025-06-05T11:00", "appeal.filed", appeal_id="a1", rule="many")
    decided = {"outcome": "overturned", "decided_by": "ann", "reason": "mistaken"}
    one.send("2025-06-05T12:00", "appeal.decided", appeal_id="a1", **decided)
    assert one.bands()["open", ""] == "many"


def test_snapshots_and_processes_keep_it() -> None:
    one, other = begun(), shop()
    made(one, 1, share="0.2", tags=["a"])
    other.evaluator.restore(one.evaluator.snapshot())
    assert other.evaluator.snapshot() == one.evaluator.snapshot()
    for each in (one, other):
        each.send("2025-06-02T10:00", "plan.closed", event_id="closed", plan_id="p1")
        assert each.bands()["open", ""] == "none"
    decoder = pickle.loads(pickle.dumps(Decoder(one.program.catalog)))  # noqa: S301  # our own
    assert decoder.catalog == one.program.catalog


def test_what_was_added_is_forgotten_like_the_rest() -> None:
    one = begun()
    made(one, 1)
    one.send("2025-09-01T10:00", "plan.closed", plan_id="p1")
    assert one.refused == [("e3", "unknown-plan")]


REFUSED = {
    "no-key": ({}, "missing-field"),
    "empty-key": ({"plan_id": ""}, "bad-identifier"),
    "bad-link": ({"plan_id": "p", "campaign_id": "\n"}, "bad-identifier"),
    "unknown": ({"plan_id": "p", "campaign_id": "c", "name": "x"}, "unknown-field"),
    "type": ({"plan_id": "p", "campaign_id": "c", "share": "much"}, "wrong-type"),
    "digits": ({"plan_id": "p", "campaign_id": "c", "share": "1" * 19}, "out-of-range"),
    "list": ({"plan_id": "p", "campaign_id": "c", "tags": "x"}, "wrong-type"),
    "long": ({"plan_id": "p", "campaign_id": "c", "class": "x" * 100_001}, "too-long"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_quarantined(name: str) -> None:
    said, reason = REFUSED[name]
    envelope = {"event_id": "1", "shop_id": "s", "occurred_at": "2025-06-01T10:00:00Z"}
    line = json.dumps({"type": "plan.made", **envelope, **said}).encode()
    found = Decoder(compiled(POLICY).catalog).decode(line)
    assert isinstance(found, Rejection)
    assert found.reason == reason


def test_other_policies_do_not_know_it() -> None:
    line = b'{"type": "campaign.begun", "event_id": "1", "shop_id": "s"}'
    found = Decoder(compiled('policy: p\nversion: "1"').catalog).decode(line)
    assert isinstance(found, Rejection)
    assert found.reason == "unknown-type"
    assert compiled('policy: p\nversion: "1"').catalog is standard_catalog()


def test_what_ships_stays_as_it_is() -> None:
    added = compiled(POLICY).catalog
    for name, event in standard_catalog().events.items():
        assert added.events[name].about == event.about
        assert event.fields.items() <= added.events[name].fields.items()
        assert set(event.assignments) <= set(added.events[name].assignments)
    assert build_catalog(catalog_data()) == standard_catalog()


def test_the_envelope_is_the_engines() -> None:
    assert set(ENVELOPE) == RESERVED


def test_several_files_add_together_and_the_digest_says_so(tmp_path: Path) -> None:
    digests = set()
    kind = "catalog: {{entities: {{plan: {{key: plan_id, fields: {{x: {}}}}}}}}}\n"
    for type_ in ("text = a", "text = b"):
        (tmp_path / "a.yaml").write_text("policy: p\n" + kind.format(f'"{type_}"'))
        events = "plan.made: {about: plan, fields: {plan_id: text}}"
        (tmp_path / "b.yaml").write_text(f"catalog: {{events: {{{events}}}}}\n")
        program, report = compile_policy(tmp_path)
        assert program is not None, list(report)
        assert "plan.made" in program.catalog.events
        digests.add(program.digest)
    assert len(digests) == 2
    (tmp_path / "c.yaml").write_text("catalog: {entities: {plan: {key: plan_id}}}\n")
    assert [one.code for one in compile_policy(tmp_path)[1]] == ["E209"]


def test_an_overlay_adds_to_what_it_extends() -> None:
    below = Source("b.yaml", "policy: below\ncatalog: {entities: {plan: {key: plan_id}}}\n")
    events = "plan.made: {about: plan, fields: {plan_id: text}}"
    above = f"policy: above\nextend: ../below\ncatalog: {{events: {{{events}}}}}\n"
    program, report = compile_sources([Source("a.yaml", above)], {"../below": [below]})
    assert program is not None, list(report)
    assert program.catalog.events["plan.made"].about == "plan"


def test_a_run_reads_the_events_of_the_policy(tmp_path: Path) -> None:
    envelope = {"event_id": "1", "shop_id": "s", "occurred_at": "2025-06-01T10:00:00Z"}
    said = {"type": "campaign.begun", "campaign_id": "c1", "begins_at": "2025-06-01T10:00:00Z"}
    events = tmp_path / "events.jsonl"
    events.write_text(json.dumps({**envelope, **said}) + "\n")
    assert run(tmp_path, (str(events),)).summary.events == 1


def test_a_run_maps_rows_to_the_events_of_the_policy(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id,at\nc1,2025-06-01T10:00:00Z\n", encoding="utf-8")
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    assert run(tmp_path, (), mapping).summary.events == 1


MAPPING = """
mapping: campaigns
sections:
  - rows: rows.csv
    events:
      - type: campaign.begun
        event_id: "{id}"
        occurred_at: at
        shop_id: id
        fields: {campaign_id: id, begins_at: at}
"""


def run(folder: Path, inputs: tuple[str, ...], mapping: Path | None = None) -> Outcome:
    return run_batch(
        compiled(POLICY),
        inputs=inputs,
        mapping=mapping,
        out=folder / "out",
        region=None,
        until=None,
        key=b"",
        sort=False,
        measures=False,
        progress=False,
    )


# ------------------------------------------------------------------------------ hostile

NAMES = st.sampled_from(["plan", "order", "review", "shop", "a", "b", "plan_id", "stars", "x-y"])
KEYS = st.sampled_from(["plan_id", "a_id", "b_id", "order_id", "a"])
PATHS = st.sampled_from(
    ["plan.a", "a.b", "order.reason", "review.status", "a", "order.a", "plan.b"]
)
SOURCES = st.sampled_from(["occurred_at", "a", "b", '"x"', '"hidden"', "stars"])
TYPES = st.sampled_from(
    [
        *(
            "text",
            "optional text",
            "text = x",
            "integer 1 to 5",
            "optional integer",
            "decimal = 0.5",
        ),
        *("one of x | hidden = x", "optional one of x | y", "instant", "optional list of text"),
        *("boolean = false", "integer = 0", "optional boolean", "texts"),
    ]
)
FIELDS = st.dictionaries(NAMES, TYPES, max_size=4)
KIND = st.fixed_dictionaries(
    {},
    optional={
        "key": KEYS,
        "links": st.dictionaries(NAMES, KEYS, max_size=2),
        "date": PATHS,
        "counts_while": st.dictionaries(NAMES, st.lists(NAMES, max_size=2), max_size=2),
        "fields": FIELDS,
    },
)
EVENT = st.fixed_dictionaries(
    {},
    optional={
        "about": NAMES,
        "entity": st.sampled_from(["new", "known", "any"]),
        "fields": st.builds(
            lambda fields, key: {**fields, key: "text"}, FIELDS, KEYS | st.just("review_id")
        ),
        "sets": st.dictionaries(PATHS, SOURCES, max_size=2),
        "keeps": st.lists(NAMES, max_size=2),
        "counts": st.lists(PATHS, max_size=2),
        "needs": st.lists(NAMES, max_size=2),
        "settles": st.booleans(),
    },
)
TYPES_OF_EVENTS = st.sampled_from(["plan.made", "a.b", "order.placed", "appeal.x", "review.x"])
ODD = st.none() | st.booleans() | st.integers() | NAMES | TYPES | st.text(max_size=6)
MIXED = st.recursive(
    ODD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=8,
)


@given(catalog=MIXED, entities=MIXED, kind=MIXED, event=MIXED)
def test_whatever_stands_there_is_read(catalog: Any, entities: Any, kind: Any, event: Any) -> None:
    inside = {"entities": {"plan": kind}, "events": {"plan.made": event}}
    for given_ in (catalog, {"entities": entities}, inside):
        text = yaml.safe_dump({"policy": "p", "catalog": given_})
        program, report = compile_sources([Source("policy.yaml", text)])
        assert (program is None) is report.has_errors


@st.composite
def near_misses(draw: st.DrawFn) -> dict[str, Any]:
    """Additions whose names are right, so that it depends on what they mean."""
    kinds = draw(st.sets(st.sampled_from(["plan", "a"]), min_size=1))
    plain = st.dictionaries(st.sampled_from(["a", "b", "stars"]), TYPES, max_size=3)
    entities = {
        kind: {
            "key": f"{kind}_id",
            "links": draw(st.sampled_from([{}, {"product": "product_id"}])),
            "fields": draw(plain),
        }
        for kind in sorted(kinds)
    }
    events = {}
    for name in draw(st.sets(st.sampled_from(["plan.made", "a.b", "review.x"]), min_size=1)):
        kind = draw(st.sampled_from([*sorted(kinds), "review", "shop"]))
        sets = st.dictionaries(st.sampled_from([f"{kind}.a", "product.title"]), SOURCES, max_size=1)
        events[name] = {
            "about": kind,
            "entity": draw(st.sampled_from(["new", "known", "any"])),
            "fields": {**draw(plain), **({} if kind == "shop" else {f"{kind}_id": "text"})},
            "sets": draw(sets),
            "counts": draw(st.lists(st.sampled_from([f"{kind}.b"]), max_size=1)),
        }
    return {"entities": entities, "events": events}


ANY_NAMES = st.fixed_dictionaries(
    {
        "entities": st.dictionaries(
            st.sampled_from(["plan", "a", "b", "order", "review"]), KIND, max_size=3
        ),
        "events": st.dictionaries(TYPES_OF_EVENTS, EVENT, max_size=2),
    }
)


@given(catalog=ANY_NAMES | near_misses())
def test_whatever_is_added_is_refused_or_runs(catalog: dict[str, Any]) -> None:
    data = {"policy": "p", "catalog": catalog}
    program, report = compile_sources([Source("policy.yaml", yaml.safe_dump(data))])
    assert (program is None) is report.has_errors
    if program is None:
        return
    one, decoder = Shop(program), Decoder(program.catalog)
    for name, declared in program.catalog.events.items():
        if name in standard_catalog().events:
            continue
        fields = {spec.name: EXAMPLES.get(str(spec.type), "x") for spec in declared.fields.values()}
        at = {"event_id": name, "shop_id": "s1", "occurred_at": "2025-06-01T10:00:00Z"}
        made = decoder.convert({"type": name, **at, **fields})
        assert isinstance(made, Event), made
        one.evaluator.feed(made)
    other = Shop(program)
    other.evaluator.restore(one.evaluator.snapshot())
    assert other.evaluator.snapshot() == one.evaluator.snapshot()


EXAMPLES: dict[str, Any] = {
    "whole number": 1,
    "point in time": "2025-06-01T10:00:00Z",
    "list of text": ["x"],
    "yes-or-no condition": True,
    "decimal number": "0.5",
}
