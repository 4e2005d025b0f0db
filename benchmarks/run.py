"""All benchmarks in one run, as ratios against baselines measured in the same run."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import median
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent))

from ledger import bench_ledger  # beside this script
from policies import full_policy  # beside this script
from revlex.engine import Decoder, Evaluator, Program, Source, compile_sources
from revlex.engine.records.decision import Decision
from revlex.engine.runtime import counted
from revlex.engine.runtime import prepared as preparing
from revlex.engine.runtime.entities import make_kinds
from revlex.engine.runtime.events import Event
from revlex.engine.runtime.lower import Helpers, LoweredRule, lower_rules
from stream import make_lines  # beside this script
from treewalk import walk_function, walk_rules  # beside this script

EVENTS = 40_000
ROUNDS = 3


def program_of(text: str) -> Program:
    """The program of a policy that has no mistakes."""
    program, report = compile_sources([Source("benchmark.yaml", text)])
    if program is None:
        raise SystemExit("\n".join(f"{found.code} {found.message}" for found in report))
    return program


def seconds(job: Callable[[], object]) -> float:
    """How long a job takes, with the garbage of others collected first."""
    gc.collect()
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def in_turn(jobs: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """The median time of each job, the jobs taking turns so that drift hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(ROUNDS):
        for name, job in jobs.items():
            times[name].append(seconds(job))
    return {name: median(found) for name, found in times.items()}


def feed_all(program: Program, events: Iterable[Event]) -> list[Decision]:
    """Everything that a stream brings."""
    return Evaluator(program).feed_all(events)


def walked(program: Program, events: Iterable[Event]) -> list[Decision]:
    """The same, with expressions walked as trees."""
    with (
        mock.patch.object(preparing, "lower_function", walk_function),
        mock.patch.object(counted, "lower_function", walk_function),
        mock.patch.object(preparing, "lower_rules", walk_rules),
    ):
        return feed_all(program, events)


def show(name: str, rate: str, ratio: str) -> None:
    """One row of the table."""
    print(f"{name:<46}{rate:>18}{ratio:>30}")


def bench_stream(program: Program, events: list[Event]) -> None:
    """The stream evaluator against the one that walks trees."""
    if feed_all(program, events) != walked(program, events):
        raise SystemExit("the two evaluators disagree")
    times = in_turn(
        {"revlex": lambda: feed_all(program, events), "walked": lambda: walked(program, events)}
    )
    rate = len(events) / times["revlex"]
    show(
        "stream, everything",
        f"{rate:,.0f} ev/s",
        f"{times['walked'] / times['revlex']:.1f} x tree walk",
    )


def bench_rules(program: Program, events: list[Event]) -> None:
    """The rules on replies alone, as one generated function against trees."""
    kinds = make_kinds(program.catalog)
    scope = kinds.scope_kinds("reply")
    rules = [rule for rule in program.rules if "reply.submitted" in rule.events]
    lowered = [LoweredRule(i, rule.condition, stop=False) for i, rule in enumerate(rules)]
    reply = kinds.classes["reply"](
        entity_key="y", text="Thank you for your kind words, we are glad"
    )
    review = kinds.classes["review"](entity_key="r", stars=5, text="ok")
    found = {"reply": reply, "review": review}
    entities = [found.get(kind, kinds.blanks[kind]) for kind in scope]
    generated = lower_rules(lowered, scope, Helpers())
    trees = walk_rules(lowered, scope, Helpers())
    times = in_turn(
        {
            "revlex": lambda: [generated(*entities, 0, None) for _ in range(20_000)],
            "walked": lambda: [trees(*entities, 0, None) for _ in range(2_000)],
        }
    )
    del events
    ratio = times["walked"] * 10 / times["revlex"]
    show(
        f"{len(rules)} rules on one reply, alone",
        f"{20_000 / times['revlex']:,.0f} ev/s",
        f"{ratio:.1f} x tree walk",
    )


def bench_decode(program: Program, lines: list[bytes]) -> None:
    """Decoding into checked events against parsing JSON alone."""
    decoder = Decoder(program.catalog)
    times = in_turn(
        {
            "revlex": lambda: [decoder.decode(line) for line in lines],
            "json": lambda: [json.loads(line) for line in lines],
        }
    )
    rate = len(lines) / times["revlex"]
    show(
        "decoding JSON lines, checked",
        f"{rate:,.0f} ev/s",
        f"{times['json'] / times['revlex']:.1f} x json.loads",
    )


def bench_growth(program: Program) -> None:
    """Rate and memory as the same shops go on for longer: both should stay."""
    decoder = Decoder(program.catalog)
    streams = {}
    for factor in (1, 2, 4):
        lines = make_lines(EVENTS // 4 * factor, shops=50, days=600 * factor)
        streams[factor] = [decoder.decode(line) for line in lines]
    times = in_turn(
        {
            str(factor): lambda events=events: feed_all(program, events)
            for factor, events in streams.items()
        }
    )
    base = None
    for factor, events in streams.items():
        rate, memory = len(events) / times[str(factor)], memory_after(program, events)
        base = base or (rate, memory)
        ratio = f"rate {rate / base[0]:.2f} x, memory {memory / base[1]:.2f} x"
        show(f"{factor} x the length ({len(events):,} events)", f"{rate:,.0f} ev/s", ratio)


def memory_after(program: Program, events: Iterable[Event]) -> int:
    """How many bytes an evaluator holds at the end of a stream."""
    tracemalloc.start()
    evaluator = Evaluator(program)
    for event in events:
        evaluator.feed(event)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return held


def bench_cold_start() -> None:
    """`revlex check` of 50 rules in a new process, against importing what it is built on."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "policy.yaml"
        path.write_text(full_policy(50), encoding="utf-8")
        check = [sys.executable, "-m", "revlex.cli", "check", str(path)]
        bare = [sys.executable, "-c", "import lark, yaml, click"]
        times = in_turn(
            {
                "revlex": lambda: subprocess.run(check, check=True, capture_output=True),
                "bare": lambda: subprocess.run(bare, check=True, capture_output=True),
            }
        )
    rate = f"{times['revlex'] * 1000:,.0f} ms"
    show(
        "check of 50 rules, cold", rate, f"{times['revlex'] / times['bare']:.1f} x the bare imports"
    )


def main() -> None:
    """Run everything."""
    program = program_of(full_policy())
    decoder = Decoder(program.catalog)
    lines = list(make_lines(EVENTS))
    events = [decoder.decode(line) for line in lines]
    show("measured", "rate", "ratio")
    bench_decode(program, lines)
    bench_rules(program, events)
    bench_stream(program, events)
    bench_growth(program)
    bench_ledger(events, feed_all(program, events), in_turn, show)
    bench_cold_start()


if __name__ == "__main__":
    main()
