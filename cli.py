"""The command line: options in, text and exit status out.

It decides nothing. Exit codes: 0 fine, 1 findings (errors in a policy, failed cases, quarantined
events under `--strict`), 2 the command line itself was wrong, 3 only warnings under `--strict`.
"""

from __future__ import annotations

import contextlib
import enum
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from .engine.language.compiler import compile_policy
from .engine.language.diagnostics import Report

if TYPE_CHECKING:  # the runtime is imported by the commands that run, so that `check` starts fast
    from .engine.language.program import Program

VERSION = "0.1.0"

EXISTING = click.Path(path_type=Path, exists=True)
FOLDER = click.Path(path_type=Path, file_okay=False)


class Exit(enum.IntEnum):
    """What the shell is told."""

    FINE = 0
    FINDINGS = 1
    USAGE = 2
    WARNINGS = 3


class Commands(click.Group):
    """Commands in the order of a policy's life, with suggestions for misspelt ones."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which they were added."""
        del ctx
        return [*self.commands, "appeal"]

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a reader that goes away is no failure, a full disk is one to be told."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(Exit.FINE)
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            fail(f"{error.filename or 'standard output'}: {(error.strerror or str(error)).lower()}")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command; those of ledgers are imported when they are asked for."""
        if cmd_name == "appeal":
            from .engine.authoring.appeal_commands import appeal  # noqa: PLC0415  # see the head

            return appeal
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command, or say which one may have been meant."""
        from .engine.language.diagnostics import did_you_mean  # noqa: PLC0415  # only on a mistake

        if args and args[0] not in self.list_commands(ctx):
            guess = did_you_mean(args[0], self.list_commands(ctx))
            ctx.fail(f"there is no command `{args[0]}`; {guess or 'see `revlex --help`'}")
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="revlex")
def main() -> None:
    """Marketplace review policies that people can read, check, test and appeal against.

    \b
    revlex init my-policy            write a small policy that works
    revlex check my-policy           find what is wrong with it
    revlex test my-policy            run its examples
    revlex run my-policy --events reviews.jsonl --out results
    revlex explain results DECISION  why was this decided?
    """


def colour(stream: Any = None) -> bool:
    """Whether a stream is a terminal that wants colour."""
    stream = stream or sys.stdout
    return bool(stream.isatty()) and not os.environ.get("NO_COLOR")


def fail(message: str, help_: str | None = None) -> NoReturn:
    """Say what is wrong with the command and end."""
    click.echo(f"revlex: {message}" + (f"\n  = help: {help_}" if help_ else ""), err=True)
    sys.exit(Exit.USAGE)


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Turn what the system or an input refuses into a message."""
    from .engine.runtime.inputs import InputProblem  # noqa: PLC0415  # see the head of this file

    try:
        yield
    except InputProblem as problem:
        fail(f"{problem.path}: {problem.message}", problem.help)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.FINE)
    except OSError as error:
        fail(f"{error.filename or ''}: {(error.strerror or str(error)).lower()}".lstrip(": "))


def compiled(path: Path) -> Program:
    """The program of a pack; a pack with errors ends the command with them."""
    from .engine.language.render_text import render_text  # noqa: PLC0415  # only where it is shown

    program, report = compile_policy(path)
    if program is None:
        click.echo(render_text(report, colour=colour(sys.stderr)), err=True)
        sys.exit(Exit.FINDINGS)
    return program


# ------------------------------------------------------------------- authoring


@main.command()
@click.argument("folder", type=FOLDER)
def init(folder: Path) -> None:
    """Write a small, commented policy with its examples into FOLDER.

    \b
    revlex init my-policy
    """
    import json  # noqa: PLC0415  # only here

    from .engine.authoring.starter import write_starter  # noqa: PLC0415  # only here
    from .engine.language.schema import policy_schema  # noqa: PLC0415  # only here

    with told():
        try:
            written = write_starter(folder, json.dumps(policy_schema(), indent=1) + "\n")
        except FileExistsError as error:
            fail(str(error), "name another folder")
    for path in written:
        click.echo(f"wrote {path}")
    click.echo(f"next: revlex check {folder}")


@main.command()
@click.argument("paths", nargs=-1, required=True, type=EXISTING)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    help="How to show what was found.",
)
@click.option("--strict", is_flag=True, help="Warnings count: exit with 3 if there are any.")
def check(paths: tuple[Path, ...], style: str, strict: bool) -> None:  # noqa: FBT001  # Click's way
    """Report everything that is wrong with the policies in PATHS.

    A path is a file, or a folder; every folder below it that holds policy files is one policy.

    \b
    revlex check my-policy
    revlex check rules --strict
    revlex check my-policy --format sarif > findings.sarif
    """
    from .engine.authoring.finding import find_packs  # noqa: PLC0415  # only here

    report = Report()
    with told_of_files():
        for pack in find_packs(paths):
            report.merge(compile_policy(pack)[1])
    click.echo(_render(style)(report), nl=False)
    sys.exit(_exit_of(report, strict=strict))


@contextlib.contextmanager
def told_of_files() -> Iterator[None]:
    """The same as `told`, for commands that read no events."""
    try:
        yield
    except OSError as error:
        fail(f"{error.filename or ''}: {(error.strerror or str(error)).lower()}".lstrip(": "))


def _render(style: str) -> Callable[[Report], str]:
    if style == "json":
        from .engine.language.render_json import render_json  # noqa: PLC0415  # only if wanted

        return render_json
    if style == "sarif":
        from .engine.language.render_sarif import render_sarif  # noqa: PLC0415  # only if wanted

        return lambda report: render_sarif(report, version=VERSION)
    from .engine.language.render_text import render_text  # noqa: PLC0415  # only if wanted

    return lambda report: render_text(report, colour=colour())


def _exit_of(report: Report, *, strict: bool) -> Exit:
    if report.has_errors:
        return Exit.FINDINGS
    return Exit.WARNINGS if strict and len(report) else Exit.FINE


@main.command("explain-code")
@click.argument("code")
def explain_code(code: str) -> None:
    """Explain an error code, with an example that has the mistake and one that does not.

    \b
    revlex explain-code E301
    revlex explain-code single-equals
    """
    from .engine.language.codes import UnknownCodeError, page, page_text  # noqa: PLC0415  # only here

    try:
        click.echo(page_text(page(code)), nl=False)
    except UnknownCodeError as unknown:
        fail(str(unknown), unknown.help)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=EXISTING)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to show the results.",
)
def test(paths: tuple[Path, ...], style: str) -> None:
    """Run the examples (`cases.yaml`) of the packs in PATHS.

    \b
    revlex test my-policy
    revlex test rules --format json
    """
    from .engine.authoring.testing import test_packs  # noqa: PLC0415  # only here

    with told():
        outcome = test_packs(paths)
    click.echo(outcome.as_json() if style == "json" else outcome.as_text(colour=colour()), nl=False)
    sys.exit(Exit.FINE if outcome.passed else Exit.FINDINGS)


# --------------------------------------------------------------------- running


@main.command()
@click.argument("pack", type=EXISTING)
@click.option(
    "--events",
    "inputs",
    multiple=True,
    metavar="PATH",
    help="JSON lines, CSV or Parquet, plain or .gz; `-` is standard input. Several are "
    "merged by time. With --mapping: the folder of the exports.",
)
@click.option("--mapping", type=EXISTING, help="A mapping from somebody's export to events.")
@click.option("--out", type=FOLDER, help="The folder to write to.")
@click.option(
    "--ledger",
    metavar="FILE|URL",
    help="Instead of --out: the ledger to write to, a file or postgresql://…; "
    "goes on where the last run stopped.",
)
@click.option("--region", help="The region of shops whose events name none.")
@click.option("--until", help="Let time pass to here at the end, such as 2025-08-01T00:00:00Z.")
@click.option("--sort", is_flag=True, help="Put the events in order first (needs memory for all).")
@click.option("--measures", is_flag=True, help="Write measures.jsonl: every value a check saw.")
@click.option("--strict", is_flag=True, help="Exit with 1 if an event was quarantined.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to show the summary.",
)
def run(pack: Path, **options: Any) -> None:
    """Evaluate events under the policy in PACK, and write decisions and appeals.

    \b
    revlex run my-policy --events reviews.jsonl --out results
    zcat reviews.jsonl.gz | revlex run my-policy --events - --out results
    revlex run rules/marketplace/olist --mapping rules/marketplace/olist/mapping.yaml \\
        --events data/olist --out results
    revlex run my-policy --events reviews.jsonl --ledger decisions.db
    """
    from .engine.authoring.running import RunProblem, run_batch  # noqa: PLC0415  # see the head

    program = compiled(pack)
    style, strict = options.pop("style"), options.pop("strict")
    ledger = options.pop("ledger")
    with told():
        try:
            if ledger is not None:
                quarantined, as_json, as_text = _into_ledger(pack, program, ledger, options)
            elif options["out"] is None:
                fail("it is not said where to write to", "add `--out FOLDER` or `--ledger FILE`")
            else:
                outcome = run_batch(program, **options, progress=sys.stderr.isatty())
                quarantined = bool(outcome.summary.quarantined)
                as_json, as_text = outcome.as_json(), outcome.as_text(colour=colour())
        except RunProblem as problem:
            fail(problem.message, problem.help)
    click.echo(as_json if style == "json" else as_text, nl=False)
    sys.exit(Exit.FINDINGS if strict and quarantined else Exit.FINE)


_NOT_INTO_LEDGER = ("out", "sort", "measures")
"""Options of `run` that a ledger has no use for."""


def _into_ledger(
    pack: Path, program: Program, ledger: str, options: dict[str, Any]
) -> tuple[bool, str, str]:
    """Run into a ledger: whether anything was quarantined, and the summary as JSON and text."""
    from .engine.authoring.ledger_runs import (  # noqa: PLC0415  # only for a ledger
        record_run,
        recorded_as_text,
    )
    from .engine.records.decision import encode  # noqa: PLC0415  # only for a ledger

    for name in _NOT_INTO_LEDGER:
        if options.pop(name):
            fail(f"`--ledger` and `--{name}` do not go together", f"leave out `--{name}`")
    with told_of_ledgers():
        shown = sys.stderr.isatty()
        recorded = record_run(pack, program, ledger=ledger, **options, progress=shown)
    text = recorded_as_text(recorded, colour=colour())
    return bool(recorded.quarantined), encode(recorded).decode() + "\n", text


@contextlib.contextmanager
def told_of_ledgers() -> Iterator[None]:
    """Turn what a ledger refuses into a message."""
    from .engine.ledger.problems import LedgerProblem  # noqa: PLC0415  # see the head of this file

    try:
        yield
    except LedgerProblem as problem:
        fail(problem.message, problem.help)


@main.command()
@click.argument("ledger", metavar="FILE|URL")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to show what does not hold.",
)
def verify(ledger: str, style: str) -> None:
    """Check that a LEDGER is what was written, and that its decisions follow from its events.

    \b
    revlex verify decisions.db
    revlex verify postgresql://revlex@localhost/revlex --format json
    """
    from .engine.authoring.ledger_runs import (  # noqa: PLC0415  # see the head
        findings_as_json,
        findings_as_text,
        verified,
    )

    with told_of_ledgers():
        name, findings = verified(ledger)
    click.echo(findings_as_json(findings) if style == "json" else findings_as_text(name, findings))
    sys.exit(Exit.FINDINGS if findings else Exit.FINE)


@main.command()
@click.argument("out_dir", metavar="OUT_DIR|LEDGER")
@click.argument("decision_id")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to show the decision.",
)
def explain(out_dir: str, decision_id: str, style: str) -> None:
    """Show why a decision in OUT_DIR, or in a LEDGER, was made.

    DECISION_ID may be the beginning of an id, as long as only one decision has it.

    \b
    revlex explain results 3kdsel6uf5
    """
    from .engine.authoring.lookup import NotFound, find_decision  # noqa: PLC0415  # only here

    with told(), told_of_ledgers():
        try:
            found = find_decision(out_dir, decision_id)
        except NotFound as missing:
            fail(missing.message, missing.help)
    click.echo(found.as_json() if style == "json" else found.as_text(), nl=False)


@main.command("map")
@click.argument("mapping", type=EXISTING)
@click.option(
    "--data",
    type=EXISTING,
    default=None,
    help="The folder of the exports; left out: the mapping's own.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="The file to write; left out: standard output.",
)
@click.option(
    "--quarantine",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Where to write the rows that are no events.",
)
def map_(mapping: Path, data: Path | None, out: Path | None, quarantine: Path | None) -> None:
    """Turn somebody's export into events, one JSON object a line, in order of time.

    \b
    revlex map rules/marketplace/olist/mapping.yaml --data data/olist --out events.jsonl
    """
    from .engine.authoring.running import RunProblem, map_export  # noqa: PLC0415  # see the head

    with told():
        try:
            text = map_export(mapping, data, out, quarantine, progress=sys.stderr.isatty())
        except RunProblem as problem:
            fail(problem.message, problem.help)
    click.echo(text, err=True)


@main.command()
@click.option(
    "--events",
    required=True,
    type=int,
    metavar="N",
    help="How many to generate.",
)
@click.option(
    "--seed",
    type=int,
    metavar="N",
    default=1,
    show_default=True,
    help="Other seeds give other events.",
)
@click.option(
    "--out",
    required=True,
    metavar="PATH",
    help="A file that ends in .jsonl, .jsonl.gz or .parquet; `-` is standard output.",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["jsonl", "jsonl.gz", "parquet"]),
    help="What to write; left out: what the name of the file tells.",
)
@click.option(
    "--shops",
    type=int,
    metavar="N",
    help="Left out: more for longer streams.",
)
@click.option(
    "--products",
    type=int,
    metavar="N",
    default=12,
    show_default=True,
    help="How many each shop sells.",
)
@click.option(
    "--days",
    type=int,
    metavar="N",
    default=90,
    show_default=True,
    help="How long the stream takes, roughly.",
)
@click.option(
    "--start",
    type=click.DateTime(["%Y-%m-%d"]),
    default="2025-01-01",
    show_default=True,
    metavar="DAY",
    help="The first day, in UTC.",
)
@click.option("--regions", metavar="MIX", help="Such as TH,VN or, with weights, TH=3,VN=1.")
@click.option(
    "--appeal-rule",
    "appeal_rules",
    multiple=True,
    metavar="RULE",
    help="A rule against which sellers appeal; without any, nobody appeals.",
)
@click.option(
    "--violation",
    "violations",
    multiple=True,
    metavar="NAME",
    help="A violation that staff record; without any, they record none.",
)
@click.option(
    "--duplicates",
    type=click.IntRange(0, 1000),
    metavar="N",
    default=0,
    help="Of 1,000 events, so many come twice.",
)
@click.option(
    "--bad-lines",
    type=click.IntRange(0, 1000),
    metavar="N",
    default=0,
    help="To 1,000 lines, so many are added that are no events.",
)
def generate(out: str, style: str | None, duplicates: int, bad_lines: int, **options: Any) -> None:
    """Make up a stream of reviews, orders, replies and the like, in order of time.

    The same options give the same events on every machine. Shops and people are made up; texts
    are in English, Thai, Vietnamese, Indonesian, Portuguese and Chinese.

    \b
    revlex generate --events 100000 --out stream.jsonl.gz
    revlex generate --events 1000 --seed 7 --regions TH,VN --out - | head
    revlex generate --events 50000 --days 30 --duplicates 5 --bad-lines 2 --out rough.jsonl
    revlex generate --events 20000 --appeal-rule no-rewards --out stream.parquet
    """
    from .engine.authoring.generating.settings import (  # noqa: PLC0415  # only here
        CannotGenerate,
        settings_of,
    )
    from .engine.authoring.generating.writing import (  # noqa: PLC0415  # only here
        Faults,
        format_of,
        write_stream,
    )

    options["start"] = options["start"].date()
    faults = Faults(duplicates=duplicates, bad_lines=bad_lines)
    with told():
        try:
            text = write_stream(
                settings_of(**options),
                out,
                style or format_of(out),
                faults,
                progress=sys.stderr.isatty(),
            )
        except CannotGenerate as problem:
            fail(problem.message, problem.help)
    click.echo(text, err=True)


@main.command()
@click.argument("what", type=click.Choice(["policy", "event", "decision", "appeal", "mapping"]))
def schema(what: str) -> None:
    """Print the JSON Schema of policy files, events, decisions, appeals or mappings.

    \b
    revlex schema policy > policy.schema.json
    """
    import json  # noqa: PLC0415  # only here

    from .engine.authoring.schemas import schema_of  # noqa: PLC0415  # only here

    click.echo(json.dumps(schema_of(what), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
