"""A whole run from the names of files: inputs opened, evaluated, written, summed up."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import msgspec

from ..language.catalog import Catalog, standard_catalog
from ..language.diagnostics import Report
from ..language.problems import Problem
from ..language.program import Program
from ..language.reader import read_file
from ..language.render_text import render_text
from ..ledger.privacy.masking import Masking
from ..records.decision import encode
from ..runtime.evaluator import Evaluator
from ..runtime.event_types import FIRST_YEAR, LAST_YEAR
from ..runtime.events import Decoder, encode_event
from ..runtime.inputs import Received, input_size, merge_in_order, open_events
from ..runtime.inputs.merging import order_of
from ..runtime.instants import InvalidInstant, parse_instant, to_datetime
from ..runtime.mapping import bind, load_mapping, map_events
from .batch import Batch, Summary
from .present import console, show_summary
from .progress import Bar, progress_bar


class RunProblem(Problem):
    """Something about a run that cannot be done as asked."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to, to be shown."""

    summary: Summary
    out: Path

    def as_json(self) -> str:
        """The summary as JSON."""
        return msgspec.json.format(encode(self.summary)).decode() + "\n"

    def as_text(self, *, colour: bool) -> str:
        """The summary as a table."""
        to = console(colour=colour, width=100)
        with to.capture() as captured:
            show_summary(to, self.summary, str(self.out))
        return captured.get()


def run_batch(  # noqa: PLR0913  # one parameter for each option of the command
    program: Program,
    *,
    inputs: tuple[str, ...],
    mapping: Path | None,
    out: Path,
    region: str | None,
    until: str | None,
    key: bytes,
    sort: bool,
    measures: bool,
    progress: bool,
) -> Outcome:
    """Evaluate inputs under a program and write what comes of it into a folder.

    Raises:
        RunProblem: the options do not go together, or one makes no sense.
        InputProblem: an input cannot be read.
        OSError: the output cannot be written.
    """
    check_asked(program, inputs, mapping, region)
    end = instant_of(until)
    evaluator = Evaluator(program, region=region, key=key)
    batch = Batch(program, evaluator, out, measures=measures)
    if measures:
        evaluator.observe(batch.observe)
    total = None if mapping is not None else size_of(inputs)
    with progress_bar(shown=progress, total=total) as bar:
        batch.on_event = bar.on_event
        masking = Masking(program.catalog, key, names=False)
        received = masking.all(receive(program, inputs, mapping, bar))
        summary = batch.run(_sorted(received) if sort else received, end)
    return Outcome(summary, out)


def check_asked(
    program: Program, inputs: tuple[str, ...], mapping: Path | None, region: str | None
) -> None:
    """Refuse what makes no sense.

    Raises:
        RunProblem: There are no events, or the policy has no such region.
    """
    if not inputs and mapping is None:
        raise RunProblem("there are no events", "add `--events FILE`, or `-` for standard input")
    if region is not None and program.regions and region not in program.regions:
        raise RunProblem(
            f"the policy has no region `{region}`", f"write one of {', '.join(program.regions)}"
        )


def instant_of(text: str | None) -> int | None:
    """The instant that `--until` names, in microseconds since 1970.

    Raises:
        RunProblem: It names none.
    """
    if text is None:
        return None
    try:
        moment = parse_instant(text)
    except InvalidInstant as error:
        help_ = "write it with its offset, such as 2025-08-01T00:00:00Z"
        raise RunProblem(f"`{text}` is not a time", help_) from error
    if not FIRST_YEAR <= to_datetime(moment, UTC).year <= LAST_YEAR:
        help_ = f"write a year from {FIRST_YEAR} to {LAST_YEAR}, as in events"
        raise RunProblem(f"`{text}` lies outside the calendar", help_)
    return moment


def size_of(inputs: tuple[str, ...]) -> int | None:
    """How many bytes inputs have in all, if that is known."""
    sizes = [input_size(path) for path in inputs]
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) else None


def receive(
    program: Program, inputs: tuple[str, ...], mapping: Path | None, bar: Bar
) -> Iterator[Received]:
    """The records of all inputs, merged by time.

    Raises:
        RunProblem: The options do not go together, or the mapping has mistakes.
        InputProblem: An input cannot be read.
    """
    decoder = Decoder(program.catalog)
    if mapping is not None:
        if len(inputs) > 1:
            help_ = "name the folder of the exports, once"
            raise RunProblem("with `--mapping`, `--events` is one folder", help_)
        folder = Path(inputs[0]) if inputs else mapping.parent
        return _mapped(mapping, folder, decoder, bar)
    streams = [open_events(path, decoder, on_bytes=bar.on_bytes) for path in inputs]
    return streams[0] if len(streams) == 1 else merge_in_order(streams)


def _sorted(received: Iterator[Received]) -> Iterator[Received]:
    """Everything in the order of time; what is no event goes first."""
    events = []
    for one in received:
        if one.event is None:
            yield one
        else:
            events.append((order_of(one.event), one))
    events.sort(key=lambda pair: pair[0])
    yield from (one for _, one in events)


def _mapped(mapping: Path, folder: Path, decoder: Decoder, bar: Bar) -> Iterator[Received]:
    report = Report()
    source = read_file(mapping, report)
    loaded = None if source is None else load_mapping(source, decoder.catalog, report)
    bound = None if loaded is None else bind(loaded, folder, report)
    if bound is None or report.has_errors:
        raise RunProblem(f"the mapping has mistakes\n{render_text(report)}".rstrip())
    return map_events(bound, decoder, bar.on_bytes)


def map_export(  # one parameter for each option of the command
    mapping: Path,
    data: Path | None,
    out: Path | None,
    quarantine: Path | None,
    *,
    progress: bool,
    catalog: Catalog | None = None,
) -> str:
    """Turn an export into events; gives a sentence that counts them.

    The events are of a catalog, or else of the standard one.

    Raises:
        RunProblem: the mapping has mistakes.
        InputProblem: an export cannot be read.
        OSError: the output cannot be written.
    """
    decoder = Decoder(catalog or standard_catalog())
    counts = {"events": 0, "rejected": 0}
    with ExitStack() as stack:
        bar = stack.enter_context(progress_bar(shown=progress, total=None))
        to = stack.enter_context(_target(out))
        aside = None if quarantine is None else stack.enter_context(quarantine.open("wb"))
        for one in _mapped(mapping, data or mapping.parent, decoder, bar):
            if one.event is not None:
                counts["events"] += 1
                to.write(encode_event(one.event) + b"\n")
                continue
            counts["rejected"] += 1
            if aside is not None and one.rejection is not None:
                record = {"line": one.line, "reason": one.rejection.reason}
                detail = {"field": one.rejection.field, "message": one.rejection.message}
                aside.write(msgspec.json.encode({**record, **detail}) + b"\n")
    return f"events: {counts['events']:,}, rows that are none: {counts['rejected']:,}"


def _target(out: Path | None) -> io.BufferedWriter:
    """The file to write to, or standard output, which stays open."""
    return open(1, "wb", closefd=False) if out is None else out.open("wb")
