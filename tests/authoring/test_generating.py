"""Made-up streams: the same for the same settings, sound, in order, and shaped like a market."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from statistics import median
from string import Formatter
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from revlex.cli import main
from revlex.engine import Decoder, Evaluator, Source, compile_sources
from revlex.engine.authoring.generating import phrases as phrasing
from revlex.engine.authoring.generating.chance import UNIT, Chance, Weighted, by_rank
from revlex.engine.authoring.generating.clocks import DAY, HOUR, OFFICE, SHOPPING, Clock
from revlex.engine.authoring.generating.regions import REGIONS
from revlex.engine.authoring.generating.scaling import new_world
from revlex.engine.authoring.generating.settings import (
    CannotGenerate,
    Settings,
    settings_of,
)
from revlex.engine.authoring.generating.shops import POOR
from revlex.engine.authoring.generating.spoiling import SPOILERS, with_bad_lines, with_duplicates
from revlex.engine.authoring.generating.stream import begin, generate
from revlex.engine.authoring.starter import POLICY
from revlex.engine.language.catalog import standard_catalog
from revlex.engine.runtime.events import Event, Rejection, content_digest, encode_event
from revlex.engine.runtime.inputs import open_events

DECODER = Decoder(standard_catalog())
LANGUAGES = ("en", "th", "vi", "id", "pt", "zh")
SENTENCES = Path(phrasing.__file__).parent / "sentences"

UNTOLD = {
    *("violation.voided", "notice.sent"),  # they name decisions, which nobody knows beforehand
    *("calendar.declared", "quiz.completed", "correction.submitted"),  # they need a policy's words
    "shop.language_changed",  # it changes what sellers read, and no decision
}
"""These are never made up."""
BY_NAME = {"violation.recorded"} | {
    name for name in standard_catalog().events if name.startswith("appeal.")
}
"""These are told only if somebody named rules and violations."""

GOLDEN = settings_of(
    events=3_000, seed=7, shops=12, appeal_rules=("no-rewards",), violations=("reward-offered",)
)


def lines_of(asked: Settings) -> list[bytes]:
    return [encode_event(event) for event in generate(asked)]


def key(event: Event) -> tuple[datetime, int, str]:
    return event.occurred_at, event.sequence, event.event_id


@pytest.fixture(scope="module")
def stream() -> list[Event]:
    """A middling stream, as it comes if little is asked for."""
    return list(generate(settings_of(events=40_000)))


def of_type(events: list[Event], name: str) -> list[Any]:
    return [event for event in events if event.type == name]


# ------------------------------------------------------------------- sameness


def test_the_bytes_of_a_small_stream(golden: Any) -> None:
    lines = lines_of(GOLDEN)
    digest = hashlib.sha256(b"\n".join(lines)).hexdigest()
    golden("\n".join([digest, *(line.decode() for line in lines[::100])]) + "\n")


def test_the_same_settings_give_the_same_bytes_and_another_seed_others() -> None:
    asked = settings_of(events=1_500, seed=3)
    assert lines_of(asked) == lines_of(settings_of(events=1_500, seed=3))
    assert lines_of(asked) != lines_of(settings_of(events=1_500, seed=4))
    assert lines_of(settings_of(events=1_500, seed=-3)) != lines_of(asked)


def test_two_streams_at_once_do_not_disturb_each_other() -> None:
    asked = settings_of(events=300, seed=5)
    both = zip(generate(asked), generate(asked), strict=True)
    assert all(encode_event(one) == encode_event(other) for one, other in both)


# ------------------------------------------------------------------ soundness


@settings(max_examples=12)
@given(
    events=st.integers(1, 1_200),
    seed=st.integers(),
    days=st.integers(1, 400),
    start=st.dates(date(1970, 1, 2), date(2200, 1, 1)),
    codes=st.lists(st.sampled_from(sorted(REGIONS)), min_size=1, unique=True),
    products=st.integers(1, 30),
)
def test_every_event_is_read_back_as_it_is_and_in_order(
    events: int, seed: int, days: int, start: date, codes: list[str], products: int
) -> None:
    asked = settings_of(
        events=events,
        seed=seed,
        days=days,
        start=start,
        regions=",".join(codes),
        products=products,
        appeal_rules=("late-reply",),
        violations=("abuse",),
    )
    told = list(generate(asked))
    assert len(told) == events
    assert [DECODER.decode(encode_event(event)) for event in told] == told
    assert all(key(one) < key(other) for one, other in pairwise(told))
    assert {event.region for event in told} <= set(codes)
    assert told[0].occurred_at == datetime(start.year, start.month, start.day, tzinfo=UTC)


def test_every_type_occurs_except_what_was_not_asked_for(stream: list[Event]) -> None:
    every = set(standard_catalog().events)
    assert {event.type for event in stream} == every - UNTOLD - BY_NAME


def test_every_type_occurs_that_was_asked_for() -> None:
    named = settings_of(events=60_000, appeal_rules=("one", "two"), violations=("three",))
    told = list(generate(named))
    assert {event.type for event in told} == set(standard_catalog().events) - UNTOLD
    assert {event.rule for event in of_type(told, "appeal.filed")} == {"one", "two"}
    assert {event.violation for event in of_type(told, "violation.recorded")} == {"three"}


def test_no_value_is_a_binary_float(stream: list[Event]) -> None:
    values = {type(getattr(event, name)) for event in stream for name in event.__struct_fields__}
    assert float not in values


def test_a_policy_takes_every_event(stream: list[Event]) -> None:
    program, _ = compile_sources([Source("policy.yaml", POLICY.format(name="starter"))])
    assert program is not None
    evaluator = Evaluator(program)
    decisions = [decision for event in stream for decision in evaluator.feed(event)]
    assert evaluator.quarantined == []
    assert evaluator.duplicates == 0
    assert {"verdict", "violation"} <= {decision.kind for decision in decisions}


def test_appeals_are_heard_if_their_rules_are_those_of_the_policy() -> None:
    program, _ = compile_sources([Source("policy.yaml", POLICY.format(name="starter"))])
    assert program is not None
    names = tuple(program.violations)
    asked = settings_of(events=40_000, appeal_rules=names, violations=names)
    evaluator = Evaluator(program)
    evaluator.feed_all(generate(asked))
    states = Counter(appeal.state for appeal in evaluator.appeals())
    assert states["overturned"] > 0
    assert states["final"] + states["open"] > 0


# ---------------------------------------------------------------------- sizes


@pytest.mark.parametrize("days", [7, 60, 365])
def test_a_stream_ends_around_the_day_it_should(days: int) -> None:
    last = max(event.occurred_at for event in generate(settings_of(events=20_000, days=days)))
    took = last - datetime(2025, 1, 1, tzinfo=UTC)
    assert timedelta(days=days) * 9 / 10 < took < timedelta(days=days) * 11 / 10


def test_memory_depends_on_what_goes_on_and_not_on_the_length() -> None:
    def most_waiting(length: int) -> int:
        world = begin(settings_of(events=length, days=length // 100, shops=20))
        return max(world.agenda.waiting for _ in islice(world.agenda.events(), length))

    short, long = most_waiting(20_000), most_waiting(60_000)
    assert long < short * 3 // 2


def test_shops_and_products_are_as_many_as_asked_for() -> None:
    told = list(generate(settings_of(events=20_000, shops=30, products=5)))
    assert len({event.shop_id for event in told}) == 30
    listed = Counter(event.shop_id for event in of_type(told, "product.listed"))
    assert max(listed.values()) == 5
    assert min(listed.values()) >= 1


def test_longer_streams_have_more_shops_and_none_has_fewer_than_regions() -> None:
    assert [settings_of(events=n).shops for n in (1, 10_000, 10**9)] == [6, 40, 400]
    assert settings_of(events=1, regions="TH").shops == 3


# ----------------------------------------------------------------- the market


def test_the_largest_shop_sells_far_more_than_the_median_one(stream: list[Event]) -> None:
    orders = Counter(event.shop_id for event in of_type(stream, "order.placed"))
    sales = sorted(orders.values())
    assert sales[-1] > 8 * median(sales)


def test_the_first_product_of_a_shop_sells_best(stream: list[Event]) -> None:
    ranks = Counter(event.product_id[-3:] for event in of_type(stream, "order.placed"))
    assert ranks.most_common(1)[0][0] == "001"
    assert ranks["001"] > 2 * ranks["003"] > 2 * ranks["011"]


def test_more_is_bought_at_weekends_and_most_in_the_evening(stream: list[Event]) -> None:
    orders = of_type(stream, "order.placed")
    usual = [one.occurred_at for one in orders if one.occurred_at.month != one.occurred_at.day]
    days, hours = Counter(at.weekday() for at in usual), Counter(at.hour for at in usual)
    assert (days[5] + days[6]) / 2 > 1.2 * (days[1] + days[2]) / 2
    assert hours[20] + hours[21] > 20 * (hours[2] + hours[3])
    assert hours[12] > hours[7]


def test_sales_days_bring_more_orders_where_they_are_held() -> None:
    told = generate(settings_of(events=20_000, regions="TH,BR", days=60))
    orders = [event for event in told if event.type == "order.placed"]
    days = {
        region: Counter(one.occurred_at.date() for one in orders if one.region == region)
        for region in ("TH", "BR")
    }
    sale = date(2025, 2, 2)
    weeks = [sale + timedelta(days=7 * n) for n in (-3, -2, -1, 1, 2, 3)]
    assert days["TH"][sale] > 2 * median(days["TH"][day] for day in weeks)
    assert days["BR"][sale] < 2 * median(days["BR"][day] for day in weeks)


def test_times_are_those_of_the_shops_clock(stream: list[Event]) -> None:
    offsets: dict[str | None, set[timedelta | None]] = {}
    for event in stream:
        offsets.setdefault(event.region, set()).add(event.occurred_at.utcoffset())
    assert offsets["TH"] == {timedelta(hours=7)}
    assert offsets["US"] == {timedelta(hours=-5), timedelta(hours=-4)}  # March brings summer time


def test_delays_are_skewed(stream: list[Event]) -> None:
    delivered = {one.order_id: one.occurred_at for one in of_type(stream, "order.delivered")}
    delays = sorted(
        (one.occurred_at - delivered[one.order_id]) // timedelta(hours=1)
        for one in of_type(stream, "review.posted")
        if not one.automatic and one.order_id
    )
    assert delays[0] >= 0
    assert sum(delays) // len(delays) > median(delays) * 5 // 4
    assert delays[-1] > 8 * median(delays)


def test_an_order_goes_its_way(stream: list[Event]) -> None:
    way = ["order.placed", "order.shipped", "order.delivered", "order.completed"]
    seen: dict[str, int] = {}
    for event in stream:
        if event.type in way:
            step = way.index(event.type)
            assert seen.get(event.order_id, -1) == step - 1
            seen[event.order_id] = step
        elif event.type == "order.cancelled":
            assert seen.pop(event.order_id) == 0


def test_what_is_gone_is_not_answered(stream: list[Event]) -> None:
    gone = set()
    for event in stream:
        if event.type in {"review.deleted", "review.removed", "review.struck"}:
            assert event.review_id not in gone
            gone.add(event.review_id)
        if event.type in {"review.edited", "review.follow_up_posted", "review.reported"}:
            assert event.review_id not in gone
    assert gone


def test_poor_shops_get_worse_stars(stream: list[Event]) -> None:
    shops = new_world(settings_of(events=40_000), DECODER.classes, "any", {}).market.shops
    poor = {shop.id for shop in shops if shop.usual is POOR}
    stars: dict[bool, list[int]] = {True: [], False: []}
    for event in of_type(stream, "review.posted"):
        stars[event.shop_id in poor].append(event.stars)
    low = {of: sum(one <= 2 for one in found) * 1000 // len(found) for of, found in stars.items()}
    assert low[True] > 2 * low[False]
    assert Counter(stars[False]).most_common(1)[0][0] == 5
    assert set(stars[False]) == {1, 2, 3, 4, 5}


def test_buyers_come_again_and_stay_where_they_are(stream: list[Event]) -> None:
    orders = of_type(stream, "order.placed")
    assert len({one.buyer_key for one in orders}) < len(orders)
    assert all(one.buyer_key.endswith(str(one.region).lower()) for one in orders)


# ----------------------------------------------------------------------- texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_written(stream: list[Event], language: str) -> None:
    texts = [one.text for one in of_type(stream, "review.posted") if one.language == language]
    assert len(set(texts)) > 60
    assert not any(re.search("[{}]", text) for text in texts)


def flat(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, value in data.items() if isinstance(data, dict) else enumerate(data):
        if isinstance(value, str):
            yield (path if isinstance(data, list) else (*path, name)), value
        else:
            yield from flat(value, (*path, str(name)))


def sentences(language: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((SENTENCES / f"{language}.yaml").read_text("utf-8"))
    return data


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_have_the_same_keys_and_known_slots(language: str) -> None:
    found = list(flat(sentences(language)))
    assert {path for path, _ in found} == {path for path, _ in flat(sentences("en"))}
    slots = {name for _, text in found for _, name, _, _ in Formatter().parse(text) if name}
    assert slots == {"thing", "days", "shop"}
    assert len({text for _, text in found}) == len(found)


def test_bad_replies_are_rejected_for_what_they_are(stream: list[Event]) -> None:
    reasons = {one.reason for one in of_type(stream, "reply.rejected")}
    kinds = ("reward", "divert", "threat", "insult", "leak")
    assert reasons == {f"guideline-{kind}" for kind in kinds}


# ---------------------------------------------------------------------- chance


@given(seed=st.text(max_size=5), end=st.integers(1, UNIT), low=st.integers(-5, 5))
def test_draws_stay_in_their_range(seed: str, end: int, low: int) -> None:
    chance = Chance(seed)
    for _ in range(20):
        assert 0 <= chance.below(end) < end
        assert low <= chance.between(low, low + 3) <= low + 3
        assert 0 <= chance.skewed(50, 400) <= 400
        assert chance.exponential() >= 0


def test_draws_are_as_likely_as_they_should_be() -> None:
    chance = Chance("any")
    count = 20_000
    waits = sorted(chance.exponential() for _ in range(count))
    assert abs(sum(waits) // count - UNIT) < UNIT // 50
    assert abs(waits[count // 2] * 1000 // UNIT - 693) < 25  # the logarithm of 2
    delays = sorted(chance.skewed(1_000, 10**9) for _ in range(count))
    assert abs(delays[count // 2] - 1_000) < 30
    assert abs(sum(delay > 2_000 for delay in delays) - count // 5) < count // 50
    assert abs(sum(chance.happens(250) for _ in range(count)) - count // 4) < count // 50


def test_ranks_follow_the_law_of_zipf() -> None:
    chance, ranked = Chance("any"), by_rank("abcdef")
    drawn = Counter(ranked.draw(chance) for _ in range(20_000))
    for rank, letter in enumerate("abcdef", start=1):
        assert abs(drawn[letter] * rank - drawn["a"]) < drawn["a"] // 8


def test_every_item_with_a_weight_is_drawn_and_no_other() -> None:
    chance, weighted = Chance("any"), Weighted((("a", 1), ("b", 0), ("c", 3)))
    drawn = Counter(weighted.draw(chance) for _ in range(4_000))
    assert set(drawn) == {"a", "c"}
    assert abs(drawn["c"] - 3_000) < 150


@given(at=st.integers(0, 7 * 10**9), name=st.sampled_from(["Asia/Bangkok", "America/New_York"]))
def test_a_settled_time_is_less_than_a_day_or_so_later(at: int, name: str) -> None:
    clock, chance = Clock(name), Chance(str(at))
    for rhythm in (SHOPPING, OFFICE):
        settled = rhythm.settle(at, clock, chance)
        assert at <= settled < at + DAY + HOUR
        assert rhythm.weights[clock.hour_of_week(settled)] > 0 or clock.offset(
            settled
        ) != clock.offset(at)


# --------------------------------------------------------------- what goes wrong


def test_duplicates_say_the_same_again() -> None:
    events = list(generate(settings_of(events=3_000)))
    rows = list(with_duplicates(iter(events), 100, Chance("any")))
    again = [(one, other) for one, other in pairwise(rows) if one.event_id == other.event_id]
    assert 200 < len(again) < 400
    assert len(rows) == 3_000 + len(again)
    assert [one for one in rows if one.recorded_at is None] == events
    for one, other in again:
        assert other.recorded_at is not None
        assert content_digest(one) == content_digest(other)


@pytest.mark.parametrize("spoil", SPOILERS, ids=lambda spoil: spoil.__name__.strip("_"))
def test_a_spoiled_line_is_no_event(stream: list[Event], spoil: Any) -> None:
    for event in stream[::7]:
        assert isinstance(DECODER.decode(spoil(encode_event(event))), Rejection)


def test_bad_lines_are_added_to_the_others() -> None:
    lines = lines_of(settings_of(events=3_000))
    rows = list(with_bad_lines(iter(lines), 100, Chance("any")))
    good = [row for row in rows if isinstance(DECODER.decode(row), Event)]
    assert good == lines
    assert 200 < len(rows) - len(lines) < 400


# ----------------------------------------------------------------- the command


def run(*arguments: object) -> Any:
    return CliRunner().invoke(main, ["generate", *map(str, arguments)])


def test_all_formats_hold_the_same_events(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("s.jsonl", "s.jsonl.gz", "s.parquet")]
    for file in files:
        result = run("--events", 3_000, "--duplicates", 20, "--out", file)
        assert result.exit_code == 0, result.output
    plain, packed, columns = files
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    rows = [[one.event for one in open_events(file, DECODER)] for file in (plain, columns)]
    assert rows[0] == rows[1]
    assert None not in rows[0]
    assert {file.name for file in tmp_path.iterdir()} == {file.name for file in files}


def test_a_packed_file_has_the_same_bytes_whatever_its_name(tmp_path: Path) -> None:
    one, other = tmp_path / "a.jsonl.gz", tmp_path / "b.ndjson.gz"
    assert run("--events", 200, "--out", one).exit_code == 0
    assert run("--events", 200, "--out", other).exit_code == 0
    assert one.read_bytes() == other.read_bytes()


def test_standard_output_gets_what_a_file_gets(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "s.ndjson"
    options = ("--events", 500, "--seed", 9, "--bad-lines", 30, "--regions", "VN=2,GB")
    assert run(*options, "--out", file).exit_code == 0
    capfdbinary.readouterr()
    assert run(*options, "--out", "-").exit_code == 0
    assert capfdbinary.readouterr().out == file.read_bytes()


def test_the_format_may_be_said(tmp_path: Path) -> None:
    file = tmp_path / "stream"
    assert run("--events", 10, "--format", "jsonl", "--out", file).exit_code == 0
    assert file.read_bytes().count(b"\n") == 10


def test_what_was_written_is_counted(tmp_path: Path) -> None:
    file = tmp_path / "s.jsonl"
    assert run("--events", 2_000, "--out", file).stderr == "2,000 events\n"
    said = run("--events", 2_000, "--duplicates", 1000, "--out", file).stderr
    assert said == "2,000 events, 2,000 rows more that repeat or spoil some\n"


@pytest.mark.parametrize(
    ("options", "message", "help_"),
    [
        (["--out", "s.csv"], "does not tell the format", "--format"),
        (["--out", "-", "--format", "parquet"], "cannot take Parquet", "name a file"),
        (["--out", "s.parquet", "--bad-lines", "1"], "no events", "JSON lines"),
        (["--out", "s.jsonl", "--regions", "TH,XX"], "no region `XX`", "TH, VN"),
        (["--out", "s.jsonl", "--regions", "TH,TH"], "`TH` stands there twice", "once"),
        (["--out", "s.jsonl", "--regions", "TH=0"], "`0` is no weight", "TH=3"),
        (["--out", "s.jsonl", "--regions", "TH=x"], "`x` is no weight", "TH=3"),
        (["--out", "s.jsonl", "--shops", "5"], "6 regions and only 5 shops", "as many"),
        (["--out", "s.jsonl", "--days", "0"], "cannot have 0 days", "1 to 3660"),
        (["--out", "s.jsonl", "--shops", "100001"], "cannot have 100001 shops", "1 to 100000"),
        (["--out", "s.jsonl", "--products", "-1"], "cannot have -1 products", "1 to 10000"),
        (["--out", "s.jsonl", "--events", "0"], "cannot have 0 events", "1 to 1000000000"),
        (["--out", "s.jsonl", "--start", "1969-12-31"], "start on 1969-12-31", "1970-01-02"),
        (["--out", "missing/s.parquet"], "no such file", ""),
    ],
)
def test_what_cannot_be_done_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], message: str, help_: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("--events", 10, *options)
    assert result.exit_code == 2
    assert message in result.stderr
    assert help_ in result.stderr
    assert list(tmp_path.iterdir()) == []


@given(st.text(max_size=12))
def test_no_mix_is_read_as_something_else(text: str) -> None:
    with contextlib.suppress(CannotGenerate):
        mix = settings_of(events=10, regions=text).regions
        assert all(1 <= weight <= 1_000 for _, weight in mix)
        assert {region.code for region, _ in mix} == set(re.findall("[A-Z]+", text))
