"""A whole run into a ledger, from the names of files."""

from __future__ import annotations

from pathlib import Path

from ..language.program import Program
from ..language.written import written_pack
from ..ledger.ledger import Ledger
from ..ledger.privacy.masking import Masking
from ..ledger.privacy.settings import NAMES
from ..runtime.evaluator import Evaluator
from .present import console
from .progress import progress_bar
from .recording import Recorded, Recording
from .running import check_asked, instant_of, receive, size_of


def record_run(  # noqa: PLR0913  # one parameter for each option of the command
    pack: Path,
    program: Program,
    *,
    ledger: str,
    inputs: tuple[str, ...],
    mapping: Path | None,
    region: str | None,
    until: str | None,
    key: bytes,
    redact: tuple[str, ...],
    progress: bool,
) -> Recorded:
    """Evaluate inputs under a program into a ledger, from where its last run stopped.

    Raises:
        RunProblem: The options do not go together, or one makes no sense.
        InputProblem: An input cannot be read.
        LedgerProblem: The ledger cannot be written to, or the input is not what it was.
    """
    check_asked(program, inputs, mapping, region)
    end = instant_of(until)
    total = None if mapping is not None else size_of(inputs)
    with (
        Ledger(ledger, key, redact or None) as opened,
        progress_bar(shown=progress, total=total) as bar,
    ):
        opened.keep_policy(program, written_pack(pack))
        stream = " ".join([*([str(mapping)] if mapping else []), *inputs])
        evaluator = Evaluator(program, region=region, key=key)
        recording = Recording(program, evaluator, opened, stream)
        recording.on_event = bar.on_event
        masking = Masking(program.catalog, key, names=NAMES in opened.settings.redact)
        return recording.run(masking.all(receive(program, inputs, mapping, bar)), end)


def recorded_as_text(recorded: Recorded, *, colour: bool) -> str:
    """What a run into a ledger came to, for people."""
    to = console(colour=colour, width=100)
    with to.capture() as captured:
        for line in _lines(recorded):
            to.print(line)
    return captured.get()


def _lines(recorded: Recorded) -> list[str]:
    start = f", from {recorded.resumed_at:,} on" if recorded.resumed_at else ""
    lines = [
        f"{recorded.policy} {recorded.version} into {recorded.ledger}",
        f"  read: {recorded.read:,} records of {recorded.stream}{start}",
        f"  evaluated: {recorded.events:,} events, {recorded.duplicates:,} duplicates",
    ]
    for name, counts in (("decisions", recorded.decisions), ("quarantined", recorded.quarantined)):
        listed = ", ".join(f"{key} {count:,}" for key, count in counts.items())
        lines.append(f"  {name}: {sum(counts.values()):,}" + (f" ({listed})" if listed else ""))
    return lines
