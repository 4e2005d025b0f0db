"""Every example of `docs/spec.md` is run, and every table in it is made anew and compared.

The head of that page explains the kinds of blocks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from revlex.engine.authoring.cases import read_cases
from revlex.engine.authoring.commands.saying import Exit
from revlex.engine.authoring.documents import Block, blocks, with_made
from revlex.engine.authoring.limits import LIMITS
from revlex.engine.authoring.reference import reference, table
from revlex.engine.authoring.tester import _Events, run_cases
from revlex.engine.language import ir
from revlex.engine.language import parser as parsing
from revlex.engine.language.catalog import standard_catalog
from revlex.engine.language.compiler import _context, _program, compile_policy, compile_sources
from revlex.engine.language.diagnostics import Report
from revlex.engine.language.functions import FORMS, OVERLOADS, STATE_READERS
from revlex.engine.language.pack import read_sources
from revlex.engine.language.program import Program
from revlex.engine.language.sections.context import Context, Scope
from revlex.engine.language.sections.rules import judged_scope
from revlex.engine.language.source import Embedded, Source, embed
from revlex.engine.language.syntax import AggregateOperator
from revlex.engine.language.types import TEXT, unwrap
from revlex.engine.language.walk import rollup_plans
from revlex.engine.records.decision import Decision, encode
from revlex.engine.records.values import show
from revlex.engine.runtime.calendar import Calendar
from revlex.engine.runtime.dependence import reverse_pairs
from revlex.engine.runtime.desk import Desk
from revlex.engine.runtime.errors import EvaluationError
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.events import Decoder, Event
from revlex.engine.runtime.instants import from_datetime
from revlex.engine.runtime.lower import lower_function
from revlex.engine.runtime.reverse import Reverse
from revlex.engine.runtime.rollups import Rollups
from revlex.engine.runtime.schedule import next_check
from revlex.engine.runtime.shop import ShopEngine

SPEC = Path(__file__).parents[1] / "docs" / "spec.md"
PAGE = SPEC.read_text(encoding="utf-8")
BLOCKS = list(blocks(PAGE))

RUN = ("policy", "cases", "bad", "expr", "events", "time")
"""The kinds of blocks that are run."""

NOT_RUN = {"text", "json"}
"""Blocks that show something else than the language."""


def every(kind: str) -> pytest.MarkDecorator:
    """One test for each block of a kind, named after its line."""
    found = [block for block in BLOCKS if block.kind == kind]
    assert found
    return pytest.mark.parametrize("block", found, ids=lambda block: f"line-{block.line}")


def test_every_block_is_of_a_known_kind() -> None:
    assert {block.kind for block in BLOCKS} <= {*RUN, *NOT_RUN}


def test_every_kind_is_explained() -> None:
    head = PAGE.partition("\n## ")[0]
    assert [kind for kind in RUN if f"`{kind}`" not in head] == []


# ------------------------------------------------------------------------- policies


def compiled(block: Block, folder: Path) -> tuple[Program | None, Report]:
    """Compile a policy in its folder, or one of its own, among those of policies that have one."""
    named = [one for one in BLOCKS if one.kind == "policy" and one.words[1:]]
    for one in [*named, block]:
        path = folder / file_of(one)
        path.parent.mkdir(exist_ok=True)
        path.write_text(one.text, encoding="utf-8")
    return compile_policy(folder / Path(file_of(block)).parent)


def file_of(block: Block) -> str:
    """Where a policy lies: `folder/policy.yaml`, unless the block says so otherwise."""
    name = block.words[1] if block.kind == "policy" and block.words[1:] else "own"
    return name if "/" in name else f"{name}/policy.yaml"


def told(report: Report) -> list[str]:
    return [f"line {one.span.line}: {one.code} {one.message}" for one in report]


@every("policy")
def test_a_policy_compiles_without_a_word(block: Block, tmp_path: Path) -> None:
    program, report = compiled(block, tmp_path)
    assert told(report) == []
    assert program is not None


@every("bad")
def test_a_wrong_policy_has_the_announced_codes(block: Block, tmp_path: Path) -> None:
    _, report = compiled(block, tmp_path)
    found = {(one.span.line, one.code) for one in report}
    assert found == set(announced(block.text)), told(report)


def announced(text: str) -> list[tuple[int, str]]:
    """The lines and codes that the `#!` comments of a policy announce."""
    return [
        (number, code)
        for number, line in enumerate(text.splitlines(), start=1)
        for code in re.findall(r"[EW]\d{3}", line.partition("#! ")[2])
    ]


@every("cases")
def test_cases_pass(block: Block, tmp_path: Path) -> None:
    program, _ = compiled(policy_before(block), tmp_path)
    assert program is not None
    file = tmp_path / "cases.yaml"
    file.write_text(block.text, encoding="utf-8")
    report = Report()
    results = run_cases(program, file, report)
    assert told(report) == []
    assert results
    assert [(r.name, f.span.line, f.message) for r in results for f in r.failures] == []


def policy_before(block: Block) -> Block:
    return [one for one in BLOCKS if one.kind == "policy" and one.line < block.line][-1]


# ---------------------------------------------------------------------- expressions

ARROW = re.compile(r"(?P<text>.+?) +(?P<arrow>->|!!) +(?P<outcome>.+)")


@dataclass(frozen=True)
class World:
    """The example shop of the page, when its last event has happened."""

    context: Context
    engine: ShopEngine
    program: Program
    decisions: list[Decision]
    now: int


class RefusedError(Exception):
    """The checker refuses an example; the argument is what it says."""


World_ = Callable[[str], World]


@pytest.fixture(scope="module")
def example_shop(tmp_path_factory: pytest.TempPathFactory) -> World_:
    """Make the example shop, under its policy and a further piece of one."""
    policy, cases = (
        next(block.text for block in BLOCKS if block.words == (kind, "world"))
        for kind in ("policy", "cases")
    )
    file = tmp_path_factory.mktemp("world") / "cases.yaml"
    file.write_text(cases, encoding="utf-8")
    case = read_cases(file, Report())[0]

    @cache
    def make(more: str = "") -> World:
        sources = [Source("policy.yaml", policy), *([Source("more.yaml", more)] if more else [])]
        program, report = compile_sources(sources)
        if program is None:
            raise RefusedError(", ".join(sorted({one.code for one in report})))
        context = named(sources, program)
        evaluator = Evaluator(program)
        events = list(_Events(program, case, report).read())
        decisions = evaluator.feed_all(events)
        now = from_datetime(events[-1].occurred_at)
        return World(context, evaluator._shops["s1"].engine, program, decisions, now)

    return make


def named(sources: list[Source], program: Program) -> Context:
    """The names that expressions of a policy may use."""
    report = Report()
    pack = read_sources(sources, report)
    assert pack is not None
    context = _context(pack, report)
    assert _program(pack, context) == program
    return context


@every("expr")
def test_expressions(block: Block, example_shop: World_) -> None:
    answer = PLACES[block.words[1] if block.words[1:] else "rule"]
    wrong = []
    for line in block.lines:
        match = ARROW.fullmatch(line.strip())
        assert match, line
        found = answer(example_shop, match["text"])
        if found != f"{match['arrow']} {match['outcome']}":
            wrong.append(f"{match['text']} {found}")
    assert wrong == []


def in_rule(example_shop: World_, text: str) -> str:
    """What an expression comes to in a rule on the reply that the last event submitted."""
    world = example_shop("")
    scope = judged_scope(world.context.catalog, "reply", ["reply.submitted"])
    reply = list(world.engine.desk.facts.entities["reply"].values())[-1]
    return evaluated(world, text, scope, "reply", reply)


def in_require(example_shop: World_, text: str) -> str:
    """What an expression comes to in the `require` of a threshold over a measure of the shop."""
    world = example_shop("")
    scope = Scope("shop", frozenset({"shop"}), per="shop")
    return evaluated(world, text, scope, "shop", world.engine.desk.shop())


def evaluated(world: World, text: str, scope: Scope, kind: str, entity: Any) -> str:
    context, desk = world.context, world.engine.desk
    context.report = Report()
    checked = context.expression(embed(text), scope, None)
    if checked is None:
        return f"!! {', '.join(sorted({one.code for one in context.report}))}"
    kinds = desk.prepared.kinds.scope_kinds(kind)
    function = lower_function(checked, kinds, desk.prepared.helpers)
    look_at_links(desk, checked)
    desk.measuring.at(world.now)
    try:
        value = function(*desk.scope(kind, entity), world.now, desk.measuring)
    except EvaluationError as error:
        return f"!! {error.reason}"
    return f"-> {shown(value, checked, desk.calendar)}"


def look_at_links(desk: Desk, checked: ir.Expr) -> None:
    """Let the shop know who links to whom, as far as an expression that it does not have asks."""
    pairs = reverse_pairs({}, {}, rollup_plans(checked), desk.prepared.kinds)
    aggregates, store = desk.measuring.aggregates, desk.facts.entities
    reverse = Reverse(pairs, store)
    aggregates.rollups = Rollups(desk.prepared, store, reverse, desk.shop(), desk.measuring)


def shown(value: object, checked: ir.Expr, calendar: Calendar) -> str:
    if unwrap(checked.type) == TEXT and value is not None:
        return json.dumps(value, ensure_ascii=False)
    return show(value, checked.type, calendar.clock)


def measured(example_shop: World_, text: str) -> str:
    """What a measure of the shop over 30 days comes to."""
    entry = json.dumps({"per": "shop", "value": text, "over": "30d"}, ensure_ascii=False)
    try:
        world = example_shop(f"measures:\n  example_value: {entry}\n")
    except RefusedError as refused:
        return f"!! {refused}"
    found = world.engine.desk.measuring.read("example_value", "", world.now)
    if found.error is not None:
        return f"!! {found.error}"
    if found.value is None:
        return "-> insufficient"
    return f"-> {show(found.value, world.program.measures['example_value'].value.type)}"


PLACES: Mapping[str, Callable[[World_, str], str]] = {
    "rule": in_rule,
    "require": in_require,
    "measure": measured,
}


# --------------------------------------------------------------------------- events


@every("events")
def test_events(block: Block) -> None:
    decoder, wrong = Decoder(standard_catalog()), []
    for line in block.lines:
        match = ARROW.fullmatch(line.strip())
        assert match, line
        found = decoder.decode(match["text"].encode("utf-8"))
        outcome = f"-> {found.type}" if isinstance(found, Event) else f"!! {found.reason}"
        if outcome != f"{match['arrow']} {match['outcome']}":
            wrong.append(f"{match['text']} {outcome}")
    assert wrong == []


# ----------------------------------------------------------------------------- time

HOLIDAYS = frozenset({date(2025, 1, 1), date(2025, 5, 1)})
QUESTION = re.compile(r"(window|deadline|check|opening) (.+) (?:at|from|after) (\d{4}-\S+ \S+)")


@every("time")
def test_times(block: Block) -> None:
    calendar, wrong = Calendar(block.words[1], holidays=HOLIDAYS), []
    for line in block.lines:
        match = ARROW.fullmatch(line.strip())
        question = QUESTION.fullmatch(match["text"]) if match else None
        assert match, line
        assert question, line
        found = ANSWERS[question[1]](calendar, embed(question[2]), local(question[3], calendar))
        if found != match["outcome"]:
            wrong.append(f"{match['text']} -> {found}")
    assert wrong == []


def local(text: str, calendar: Calendar) -> int:
    return from_datetime(datetime.fromisoformat(text).replace(tzinfo=calendar.clock))


def clock(instant: int, calendar: Calendar) -> str:
    """What the clock shows, with the offset where the zone has more than one that day."""
    shown_ = show(instant, "point in time", calendar.clock)
    moment = datetime.fromisoformat(shown_)
    seconds = "" if not (moment.second or moment.microsecond) else f":{moment:%S}"
    return f"{moment:%Y-%m-%d %H:%M}{seconds} {moment:%z}"


def window(calendar: Calendar, text: Embedded, now: int) -> str:
    found = calendar.window_start(now, length(text))
    opening = "[" if found.start_included else "("
    return f"{opening}{clock(found.start, calendar)}, {clock(found.end, calendar)}]"


def length(text: Embedded) -> Any:
    node = parsing.parse_window(text, Report())
    return getattr(node, "micros", node)


def deadline(calendar: Calendar, text: Embedded, anchor: int) -> str:
    micros = length(text)
    if isinstance(micros, int):
        return f"until {clock(anchor + micros, calendar)}"
    return f"before {clock(calendar.deadline(anchor, micros), calendar)}"


def check(calendar: Calendar, text: Embedded, after: int) -> str:
    schedule = parsing.parse_schedule(text, Report())
    assert schedule is not None
    return clock(next_check(schedule, calendar, after), calendar)


def opening(calendar: Calendar, text: Embedded, after: int) -> str:
    hours = parsing.parse_hours(text, Report())
    assert hours is not None
    return clock(calendar.next_opening(after, hours), calendar)


ANSWERS: Mapping[str, Callable[[Calendar, Embedded, int], str]] = {
    "window": window,
    "deadline": deadline,
    "check": check,
    "opening": opening,
}


# --------------------------------------------------------------- what is made of code


def parts(world: World) -> Mapping[str, str]:
    return {
        **reference(),
        "decision": f"```json\n{example_decision(world)}\n```",
        "exit codes": table(("Status", "When"), [(f"`{one.value}`", EXIT[one]) for one in Exit]),
    }


EXIT = {
    Exit.FINE: "everything is fine; there may be warnings",
    Exit.FINDINGS: "a policy has errors, a case failed, an appeal is not admissible, a ledger does "
    "not hold, a decision does not fit an export, or `--strict` met quarantined events",
    Exit.USAGE: "the command line is wrong, or a file cannot be read",
    Exit.WARNINGS: "there are warnings and no errors, under `check --strict`",
    Exit.STOPPED: "it was stopped from the keyboard; into a ledger, the same command goes on",
}
DIGEST = re.compile(r'"(?:[a-z2-7]{26}|[0-9a-f]{64})"')


def example_decision(world: World) -> str:
    """The first verdict in the example shop; what changes with every release is left out."""
    verdict = next(one for one in world.decisions if one.kind == "verdict")
    text = msgspec.json.format(encode(verdict), indent=2).decode()
    return DIGEST.sub('"…"', text)


def test_the_tables_are_those_of_the_code(
    pytestconfig: pytest.Config, example_shop: World_
) -> None:
    now = with_made(PAGE, parts(example_shop("")))
    if pytestconfig.getoption("--rewrite"):
        SPEC.write_text(now, encoding="utf-8", newline="\n")
    assert SPEC.read_text(encoding="utf-8") == now, "run `pytest --rewrite tests/test_spec.py`"


def test_every_function_is_in_the_reference() -> None:
    names = {row.name for row in (*OVERLOADS, *STATE_READERS, *FORMS)}
    names |= {operator.value.split()[0] for operator in AggregateOperator}
    examples = "\n".join(block.text for block in BLOCKS)
    assert [name for name in sorted(names) if name not in examples] == []


# -------------------------------------------------------------------------------- limits

ENGINE = Path(__file__).parents[1] / "engine"
NAMED_LIKE_A_LIMIT = re.compile(
    r"^((?:MOST|MAX|LONGEST|DEEPEST|FEWEST|FIRST_YEAR|LAST_YEAR|RAW)\w*)(?:: Final)? =",
    re.MULTILINE,
)
NOT_MET = {
    "records.canonical:MOST_LEVELS",  # no record is nested so deep
    "runtime.lower.numbering:DEEPEST",  # no expression that the parser lets through is
}
"""Limits that no author and no sender of events can meet."""


def named_limits() -> set[str]:
    return {
        f"{'.'.join(module.relative_to(ENGINE).with_suffix('').parts)}:{name}"
        for module in ENGINE.rglob("*.py")
        for name in NAMED_LIKE_A_LIMIT.findall(module.read_text(encoding="utf-8"))
        if "generating" not in module.parts  # the generator's help says its own
    }


def test_every_limit_is_stated() -> None:
    stated = {limit.name for limit in LIMITS}
    assert named_limits() - stated == NOT_MET
    assert all(limit.text in PAGE for limit in LIMITS)
