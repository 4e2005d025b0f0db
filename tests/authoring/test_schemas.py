"""The schemas in `grammar/` are those that the classes make, and records fit them."""

import json
from pathlib import Path

import jsonschema
import msgspec
import pytest
from click.testing import CliRunner
from revlex.cli import main
from revlex.engine import Decoder, Evaluator, Source, compile_sources
from revlex.engine.authoring.schemas import SCHEMAS, schema_of
from revlex.engine.authoring.starter import POLICY
from revlex.engine.records.decision import encode

GRAMMAR = Path(__file__).parents[2] / "grammar"

EVENTS = [
    {"type": "order.delivered", "order_id": "o1", "product_id": "lamp"},
    {"type": "review.posted", "review_id": "r1", "order_id": "o1", "stars": 1, "text": "broken"},
    {"type": "reply.submitted", "reply_id": "p1", "review_id": "r1", "text": "have a voucher"},
    {
        "type": "appeal.filed",
        "appeal_id": "a1",
        "rule": "reward-offered",
        "evidence": ["statement"],
    },
    {
        "type": "appeal.decided",
        "appeal_id": "a1",
        "outcome": "overturned",
        "decided_by": "reviewer-1",
        "reason": "the voucher was for a missing part",
    },
]


@pytest.mark.parametrize("what", sorted(SCHEMAS))
def test_the_schema_in_grammar_is_current(what: str, request: pytest.FixtureRequest) -> None:
    text = json.dumps(schema_of(what), indent=2, ensure_ascii=False) + "\n"
    path = GRAMMAR / f"{what}.schema.json"
    if request.config.getoption("--rewrite"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("what", sorted(SCHEMAS))
def test_the_schema_is_a_schema(what: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema_of(what))


@pytest.fixture
def evaluated() -> tuple[Evaluator, list[bytes]]:
    program, _ = compile_sources([Source("policy.yaml", POLICY.format(name="starter"))])
    assert program is not None
    evaluator, decoder = Evaluator(program), Decoder(program.catalog)
    decisions = []
    for number, event in enumerate(EVENTS):
        envelope = {
            "event_id": f"e{number}",
            "shop_id": "s1",
            "occurred_at": f"2025-07-0{number + 1}T10:00:00Z",
        }
        decisions += evaluator.feed(decoder.convert(envelope | event))
    return evaluator, [encode(decision) for decision in decisions]


def test_decisions_fit_their_schema(evaluated: tuple[Evaluator, list[bytes]]) -> None:
    validator = jsonschema.Draft202012Validator(schema_of("decision"))
    _, lines = evaluated
    kinds = set()
    for line in lines:
        record = json.loads(line)
        validator.validate(record)
        kinds.add(record["kind"])
    assert {"verdict", "violation", "appeal", "reversal"} <= kinds


def test_appeals_fit_their_schema(evaluated: tuple[Evaluator, list[bytes]]) -> None:
    validator = jsonschema.Draft202012Validator(schema_of("appeal"))
    evaluator, _ = evaluated
    records = [json.loads(encode(appeal)) for appeal in evaluator.appeals()]
    assert [record["state"] for record in records] == ["overturned"]
    for record in records:
        validator.validate(record)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: str(event["type"]))
def test_events_fit_their_schema(event: dict[str, object]) -> None:
    envelope = {"event_id": "e1", "shop_id": "s1", "occurred_at": "2025-07-01T10:00:00Z"}
    validator = jsonschema.Draft202012Validator(schema_of("event"))
    validator.validate(envelope | event)
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(envelope | event | {"no_such_field": 1})


def test_every_line_that_the_schema_takes_is_read_back_as_the_same_record(
    evaluated: tuple[Evaluator, list[bytes]],
) -> None:
    from revlex.engine import Decision  # noqa: PLC0415  # the class under test

    _, lines = evaluated
    for line in lines:
        assert encode(msgspec.json.decode(line, type=Decision)) == line


PACK = """\
policy: affiliates
catalog:
  entities:
    plan: {key: plan_id, fields: {share: decimal = 0}}
  events:
    plan.made: {about: plan, fields: {plan_id: text, share: decimal}, sets: {plan.share: share}}
"""


def test_the_schema_of_events_has_what_a_pack_adds(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(PACK, encoding="utf-8")
    event = {"event_id": "1", "type": "plan.made", "occurred_at": "2025-01-01T00:00:00Z"}
    event |= {"shop_id": "s", "plan_id": "p", "share": "0.1"}
    done = CliRunner().invoke(main, ["schema", "event", "--pack", str(tmp_path)])
    assert done.exit_code == 0, done.output
    jsonschema.Draft202012Validator(json.loads(done.output)).validate(event)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema_of("event")).validate(event)


def test_a_pack_says_nothing_about_other_schemas(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(PACK, encoding="utf-8")
    done = CliRunner().invoke(main, ["schema", "appeal", "--pack", str(tmp_path)])
    assert done.exit_code == 2
    assert "`--pack` says nothing about `appeal`" in done.output


def test_exports_are_mapped_to_what_a_pack_adds(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(PACK, encoding="utf-8")
    (tmp_path / "plans.csv").write_text("id,shop,at,share\np1,s1,2025-01-01 00:00:00,0.25\n")
    (tmp_path / "mapping.yml").write_text(
        "mapping: plans\nrows: plans.csv\nevents:\n  - type: plan.made\n"
        '    event_id: "plan/{id}"\n    occurred_at: {column: at, zone: UTC}\n    shop_id: shop\n'
        "    fields: {plan_id: id, share: share}\n"
    )
    mapping = str(tmp_path / "mapping.yml")
    out = tmp_path / "events.jsonl"
    command = ["map", mapping, "--data", str(tmp_path), "--out", str(out)]
    assert CliRunner().invoke(main, command).exit_code == 2
    done = CliRunner().invoke(main, [*command, "--pack", str(tmp_path / "policy.yaml")])
    assert done.exit_code == 0, done.output
    [line] = out.read_text().splitlines()
    assert json.loads(line)["share"] == "0.25"
