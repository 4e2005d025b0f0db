"""Files of events: every line accounted for, whatever is wrong with them."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import pickle
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from revlex.engine.language.catalog import standard_catalog
from revlex.engine.runtime.event_types import MAX_LINE
from revlex.engine.runtime.events import Decoder, Event, encode_event
from revlex.engine.runtime.inputs import (
    InputProblem,
    Received,
    blocks,
    input_size,
    merge_in_order,
    open_events,
)
from revlex.engine.runtime.inputs.lines import split_lines
from revlex.engine.runtime.inputs.received import RAW_LIMIT

DECODER = Decoder(standard_catalog())
NOON = datetime(2025, 6, 17, 12, tzinfo=UTC)


def review(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "type": "review.posted",
        "event_id": f"e{number}",
        "occurred_at": (NOON + timedelta(minutes=number)).isoformat(),
        "shop_id": "s1",
        "review_id": f"r{number}",
        "stars": 5,
        **changes,
    }


def as_lines(*events: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


def as_csv(*events: dict[str, Any], columns: Iterable[str] = ()) -> bytes:
    text = io.StringIO(newline="")
    names = list(columns) or list(dict.fromkeys(name for event in events for name in event))
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(events)
    return text.getvalue().encode()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes], Path]:
    def written(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return written


def read(path: Path | str) -> list[Received]:
    return list(open_events(path, DECODER))


def outcome(received: Iterable[Received]) -> list[tuple[int, str]]:
    """The line of each, with the id of the event or the reason why there is none."""
    return [
        (one.line, one.event.event_id if one.event else one.rejection.reason)
        for one in received
        if one.event or one.rejection
    ]


# ------------------------------------------------------------------ lines


@pytest.mark.parametrize(
    "name", ["a.jsonl", "a.ndjson", "a.json", "a.JSONL", "a.jsonl.gz", "a.JSON.GZ"]
)
def test_json_lines(write: Callable[[str, bytes], Path], name: str) -> None:
    data = as_lines(review(1), review(2, stars=6)) + b"\r\n  \n" + as_lines(review(3))
    path = write(name.replace(".GZ", ".gz"), data)
    path = path.rename(path.with_name(name))
    received = read(path)
    assert outcome(received) == [(1, "e1"), (2, "out-of-range"), (5, "e3")]
    assert {one.source_name for one in received} == {str(path)}
    assert received[0].raw == b""
    assert json.loads(received[1].raw) == review(2, stars=6)


def test_a_last_line_needs_no_end(write: Callable[[str, bytes], Path]) -> None:
    assert outcome(read(write("a.jsonl", as_lines(review(1)).rstrip()))) == [(1, "e1")]


def test_a_byte_order_mark_is_no_data(write: Callable[[str, bytes], Path]) -> None:
    mark = b"\xef\xbb\xbf"
    assert outcome(read(write("a.jsonl", mark + as_lines(review(1))))) == [(1, "e1")]
    assert outcome(read(write("a.csv", mark + as_csv(review(1))))) == [(2, "e1")]


def test_nothing_in_a_file_of_lines_is_no_events(write: Callable[[str, bytes], Path]) -> None:
    assert read(write("a.jsonl", b"")) == []
    assert read(write("a.jsonl.gz", b"")) == []


def test_standard_input() -> None:
    seen: list[int] = []
    data = as_lines(review(1), review(2))
    stdin = io.BytesIO(data)
    received = list(open_events("-", DECODER, stdin=stdin, on_bytes=seen.append))
    assert outcome(received) == [(1, "e1"), (2, "e2")]
    assert received[0].source_name == "-"
    assert sum(seen) == len(data)
    assert input_size("-") is None


def test_standard_input_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(as_lines(review(1)))))
    assert outcome(read("-")) == [(1, "e1")]


def test_standard_input_that_is_compressed() -> None:
    stdin = io.BytesIO(gzip.compress(as_lines(review(1))))
    with pytest.raises(InputProblem, match="compressed with gzip"):
        list(open_events("-", DECODER, stdin=stdin))


def test_a_huge_line_is_cut_and_the_next_is_read(write: Callable[[str, bytes], Path]) -> None:
    path = write("a.jsonl", b'{"text":"' + b"x" * 50_000_000 + b'"}\n' + as_lines(review(1)))
    tracemalloc.start()
    received = read(path)
    assert tracemalloc.get_traced_memory()[1] < 12 * MAX_LINE
    tracemalloc.stop()
    assert outcome(received) == [(1, "too-long"), (2, "e1")]
    assert len(received[0].raw) == RAW_LIMIT


def test_a_huge_line_without_end(write: Callable[[str, bytes], Path]) -> None:
    assert outcome(read(write("a.jsonl.gz", b" " * 5_000_000 + b"x"))) == [(1, "too-long")]


@pytest.mark.parametrize("spare", [0, 1])
def test_the_limit_of_a_line(write: Callable[[str, bytes], Path], spare: int) -> None:
    line = json.dumps(review(1)).encode().ljust(MAX_LINE - 1 + spare) + b"\r\n"
    assert outcome(read(write("a.jsonl", line))) == [(1, ["e1", "too-long"][spare])]


def naive_lines(data: bytes) -> list[bytes]:
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return [line[: MAX_LINE + 1] for line in (lines if lines[-1] else lines[:-1])]


@given(
    st.lists(
        st.sampled_from([b"a", b"\n", b"\r\n", b"\xef", b"\xbb", b"\xbf", b"xyz"]), max_size=20
    ),
    st.lists(st.integers(0, 40), max_size=8),
)
@example([b"\xef", b"\xbb", b"\xbf", b"\n"], [1, 2])
@example([b"\xef\xbb\xbf"], [])
def test_any_chunks_give_the_same_lines(pieces: list[bytes], cuts: list[int]) -> None:
    data = b"".join(pieces)
    at = [0, *sorted(cut for cut in cuts if cut <= len(data)), len(data)]
    chunks = [data[start:end] for start, end in pairwise(at)]
    assert list(split_lines(chunks)) == naive_lines(data)


@given(
    st.lists(st.sampled_from([MAX_LINE - 1, MAX_LINE, MAX_LINE + 1, MAX_LINE + 5, 3]), max_size=3),
    st.integers(1, 9),
)
def test_any_chunks_give_the_same_long_lines(sizes: list[int], parts: int) -> None:
    data = b"\n".join(b"x" * size for size in sizes)
    step = max(1, len(data) // parts)
    chunks = [data[at : at + step] for at in range(0, len(data), step)]
    assert list(split_lines(chunks)) == naive_lines(data)


@given(st.binary(max_size=300))
def test_random_bytes_never_raise(data: bytes) -> None:
    assume(not data.startswith(b"\x1f\x8b"))  # that is said of the input as a whole
    received = list(open_events("-", DECODER, stdin=io.BytesIO(data)))
    assert all(one.event is None and one.rejection for one in received)


# ------------------------------------------------------------------ what cannot be read at all


def problem(path: Path | str) -> InputProblem:
    with pytest.raises(InputProblem) as caught:
        read(path)
    assert caught.value.path == str(path)
    assert str(path) in str(caught.value)
    return caught.value


def test_no_such_file(tmp_path: Path) -> None:
    assert problem(tmp_path / "a.jsonl").message == "there is no such file"
    assert problem(tmp_path / "a.parquet").message == "there is no such file"
    assert problem(tmp_path / "a.csv.gz").message == "there is no such file"


def test_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "a.jsonl"
    folder.mkdir()
    assert problem(folder).message == "this is a folder"
    assert input_size(folder) is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(write: Callable[[str, bytes], Path]) -> None:
    path = write("a.jsonl", b"")
    path.chmod(0)
    assert problem(path).message.startswith("the file cannot be read")


@pytest.mark.parametrize("name", ["a.txt", "a", "jsonl", "a.gz", "a.parquet.gz", "a.jsonl.zip"])
def test_a_name_that_tells_nothing(tmp_path: Path, name: str) -> None:
    assert problem(tmp_path / name).help == (
        "end it in `.jsonl`, `.csv` (both also with `.gz`) or `.parquet`"
    )


def test_a_name_with_a_null_byte() -> None:
    assert problem("a\0.jsonl").message.startswith("the file cannot be read")


def test_not_gzip(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(as_lines(review(1)))
    assert "not compressed" in problem(path).message


def test_gzip_under_another_name(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(gzip.compress(as_lines(review(1))))
    assert problem(path).help == "end its name in `.gz`"


def test_gzip_that_is_broken_from_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(as_csv(review(1)))[:6])
    assert "damaged from its beginning" in problem(path).message


def test_utf_16(write: Callable[[str, bytes], Path]) -> None:
    assert problem(write("a.csv", "event_id,type".encode("utf-16"))).help == "save it as UTF-8"
    assert problem(write("a.jsonl.gz", "{}".encode("utf-16"))).help == "save it as UTF-8"


def test_one_json_list(write: Callable[[str, bytes], Path]) -> None:
    data = json.dumps([review(1)], indent=1).encode()
    assert problem(write("a.json", b"\n" + data)).message == "the file is one JSON list"


def test_a_problem_travels_between_processes() -> None:
    first = InputProblem("a.csv", "it is odd", "make it even")
    again = pickle.loads(pickle.dumps(first))  # noqa: S301  # our own
    assert (again.path, again.message, again.help) == ("a.csv", "it is odd", "make it even")


def test_a_file_that_breaks_while_it_is_read(
    write: Callable[[str, bytes], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: object, _size: int) -> bytes:
        raise OSError(5, "Input/output error")

    path = write("a.jsonl", as_lines(review(1)))
    received = open_events(path, DECODER)
    monkeypatch.setattr(blocks._Counted, "read", fail)
    with pytest.raises(InputProblem, match="reading failed: Input/output error"):
        next(received)


# ------------------------------------------------------------------ files that break off


def many_lines() -> tuple[bytes, int]:
    noise = [review(n, text=os.urandom(200).hex()) for n in range(2000)]
    return as_lines(*noise), len(noise)


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.csv.gz"])
def test_a_compressed_file_that_is_cut_off(tmp_path: Path, name: str) -> None:
    data, count = many_lines()
    if "csv" in name:
        data = as_csv(*map(json.loads, data.splitlines()))
    path = tmp_path / name
    packed = gzip.compress(data)
    path.write_bytes(packed[: len(packed) // 2])
    received = read(path)
    assert received[-1].rejection is not None
    assert received[-1].rejection.reason == "truncated"
    events = [one.event.event_id for one in received[:-1] if one.event]
    assert events == [f"e{n}" for n in range(len(events))]
    assert count // 3 < len(events) < count * 2 // 3
    assert received[-1].line == received[-2].line + 1


def test_a_compressed_file_with_a_wrong_checksum(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    packed = bytearray(gzip.compress(as_lines(review(1), review(2))))
    packed[-8] ^= 1
    path.write_bytes(packed)
    assert outcome(read(path)) == [(1, "e1"), (2, "e2"), (3, "truncated")]


def test_compressed_pieces_behind_each_other(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(as_lines(review(1))) + gzip.compress(as_lines(review(2))))
    assert outcome(read(path)) == [(1, "e1"), (2, "e2")]


def test_something_else_behind_the_compressed_data(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(as_lines(review(1))) + b"something else")
    assert outcome(read(path)) == [(1, "e1"), (2, "truncated")]


def test_a_bomb_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b"x" * 100_000_000))
    tracemalloc.start()
    assert outcome(read(path)) == [(1, "too-long")]
    assert tracemalloc.get_traced_memory()[1] < 12 * MAX_LINE
    tracemalloc.stop()


# ------------------------------------------------------------------ progress and order


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.csv", "a.csv.gz"])
def test_readers_tell_how_far_they_are(write: Callable[[str, bytes], Path], name: str) -> None:
    events = [review(n) for n in range(3000)]
    path = write(name, (as_csv if "csv" in name else as_lines)(*events))
    told: list[int] = []
    for _received in open_events(path, DECODER, on_bytes=told.append):
        pass
    assert sum(told) == input_size(path) == path.stat().st_size
    assert len(told) > 1


def test_an_input_that_nobody_reads_is_closed(write: Callable[[str, bytes], Path]) -> None:
    for name, data in (("a.jsonl", as_lines(review(1))), ("a.csv", as_csv(review(1)))):
        received = open_events(write(name, data), DECODER)
        next(iter(received))
        del received  # a file left open would be a warning, and warnings are errors here


def event(at: int, number: int, sequence: int = 0) -> Event:
    made = DECODER.convert(
        {**review(number), "occurred_at": NOON + timedelta(seconds=at), "sequence": sequence}
    )
    assert isinstance(made, Event)
    return made


def stream(name: str, *events: Event | None) -> Iterator[Received]:
    for line, one in enumerate(events, start=1):
        rejection = None if one else DECODER.decode(b"")
        assert not isinstance(rejection, Event)
        yield Received(name, line, one, rejection)


def test_merging_orders_by_time_then_sequence_then_id() -> None:
    merged = merge_in_order(
        [
            stream("a", event(1, 1), event(2, 5, 1), event(3, 1)),
            stream("b", None, event(2, 4, 1), event(2, 3, 2), None, event(2, 9, 3)),
            stream("c"),
        ]
    )
    assert [(one.source_name, one.line) for one in merged] == [
        ("b", 1), ("a", 1), ("b", 2), ("a", 2), ("b", 3), ("b", 4), ("b", 5), ("a", 3),
    ]  # fmt: skip


def test_merging_reads_no_further_than_it_must() -> None:
    def endless() -> Iterator[Received]:
        number = 0
        while True:
            number += 1
            yield Received("e", number, event(number, number), None)

    merged = merge_in_order([endless(), endless()])
    assert [next(merged).line for _ in range(6)] == [1, 1, 2, 2, 3, 3]


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 2)), max_size=6),
        max_size=4,
    )
)
def test_merging_ordered_inputs_is_sorting(inputs: list[list[tuple[int, int, int]]]) -> None:
    def key(one: Event) -> tuple[datetime, int, str]:
        return one.occurred_at, one.sequence, one.event_id

    ordered = [sorted((event(*one) for one in events), key=key) for events in inputs]
    merged = merge_in_order(stream(str(n), *events) for n, events in enumerate(ordered))
    together = sorted((one for events in ordered for one in events), key=key)
    assert [one.event for one in merged] == together


def test_what_was_read_can_be_written_and_read(write: Callable[[str, bytes], Path]) -> None:
    first = read(write("a.csv", as_csv(review(1, text="ü\n"), review(2))))
    again = b"".join(encode_event(one.event) + b"\n" for one in first if one.event)
    assert [one.event for one in read(write("b.jsonl", again))] == [one.event for one in first]


def test_reading_lines_needs_no_polars() -> None:
    code = "import sys, revlex.engine.runtime.inputs; sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603  # our own text
