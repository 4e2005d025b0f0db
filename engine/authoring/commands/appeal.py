"""`revlex appeal …`: working the appeals of a ledger at the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import click
import msgspec

from ...ledger.casework import Step
from ...ledger.problems import LedgerProblem
from ...ledger.reading import LedgerReader
from ...records.appeal import State
from ...records.decision import encode
from ..appeal_lines import appeal_lines, short_line, step_lines
from ..appeal_steps import Manner, fetch_attachment, find_appeal, meant_by, shop_of, take_step
from .options import evidence_dir_option, key_option, ledger_argument, style_option
from .saying import Exit, say

_ERROR_CLASSES = ("rule_wrong", "data_wrong", "threshold_wrong", "context_missing", "new_evidence")
_OPEN_STATES = ("open", "filed", "under_review", "evidence_requested", "escalated")


class _Spoken(click.Group):
    """Commands whose words are kept, and so have to be text."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command, if its arguments are text."""
        for said in args:
            try:
                said.encode()
            except UnicodeEncodeError:
                ctx.fail(f"`{said.encode(errors='replace').decode()}` is not UTF-8 throughout")
        return super().resolve_command(ctx, args)


@click.group(cls=_Spoken)
def appeal() -> None:
    """Work the appeals of a ledger: file, assign, ask for evidence, decide.

    \b
    revlex appeal list decisions.db
    revlex appeal file decisions.db 6kz… --evidence statement --attach photo:1.png
    revlex appeal decide decisions.db case-… --outcome overturned --by ann --reason "…" --dry-run
    """


appeal_argument = click.argument("appeal_id", metavar="APPEAL")
as_json = style_option("json")
shop_option = click.option("--shop", help="The shop, where several have an appeal of that name.")
note_option = click.option("--note", help="A note for the record.")


def _together(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Several options as one decorator, in the order of the help."""

    def add(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return add


step_options = _together(
    click.option("--at", help="When it happens, such as 2025-08-01T09:00:00Z; else now."),
    click.option("--now", is_flag=True, help="It happens now, long after all else."),
    click.option("--dry-run", is_flag=True, help="Only show what would come of it."),
    key_option,
    as_json,
)
if_options = _together(
    shop_option,
    click.option("--if-state", metavar="STATE", help="Only if the appeal is in this state."),
    click.option(
        "--if-version", type=int, metavar="N", help="Only if the appeal is in this version."
    ),
)
evidence_options = _together(
    click.option("--evidence", multiple=True, help="A kind, or a kind, a colon and where it is."),
    click.option("--attach", multiple=True, metavar="KIND:FILE", help="A file to be kept."),
    evidence_dir_option,
)


# ------------------------------------------------------------------------ looking


@appeal.command("list")
@ledger_argument
@click.option(
    "--state",
    type=click.Choice([*get_args(State), "all"]),
    metavar="STATE",
    help="Only those in this state; `all`: every one; else: not ended.",
)
@click.option("--shop", help="Only those of this shop.")
@as_json
def list_(ledger: str, state: str | None, shop: str | None, style: str) -> None:
    """Show the appeals that wait for somebody, those due first.

    \b
    revlex appeal list decisions.db
    revlex appeal list decisions.db --state all --shop s1
    """
    states = _OPEN_STATES if state is None else None if state == "all" else (state,)
    with LedgerReader(ledger) as reader:
        wanted, in_all = reader.all_appeals(shop, states), reader.count_appeals(shop)
    wanted.sort(key=lambda one: (one.due_at or one.deadline or "", one.shop, one.appeal_id))
    if style == "json":
        click.echo(msgspec.json.format(b"[" + b",".join(map(encode, wanted)) + b"]").decode())
    else:
        say([*map(short_line, wanted), f"{len(wanted)} of {in_all} appeals"])


@appeal.command()
@ledger_argument
@appeal_argument
@shop_option
@as_json
def show(ledger: str, appeal_id: str, shop: str | None, style: str) -> None:
    """Show everything about one APPEAL.

    \b
    revlex appeal show decisions.db case-6kz…
    """
    found, attachments = find_appeal(ledger, appeal_id, shop)
    if style == "json":
        click.echo(msgspec.json.format(encode(found)).decode())
    else:
        say(appeal_lines(found, attachments))


@appeal.command()
@ledger_argument
@click.argument("digest")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="The file to write, which is not there yet; `-` is standard output.",
)
@evidence_dir_option
def attachment(ledger: str, digest: str, out: Path, evidence_dir: str | None) -> None:
    """Get a file back that was handed in, by the DIGEST that its appeal shows.

    \b
    revlex appeal attachment decisions.db sha256-9f86… --out photo.png
    """
    content = fetch_attachment(ledger, digest, evidence_dir)
    if str(out) == "-":
        click.echo(content, nl=False)
        return
    try:
        with out.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise LedgerProblem(f"{out} is there already", "name another file") from error


# ------------------------------------------------------------------------ working


@appeal.command("file")
@ledger_argument
@click.argument("named", metavar="DECISION")
@click.option("--id", "name", help="What the appeal is to be called; left out: as it was opened.")
@click.option("--appellant", type=click.Choice(["seller", "buyer", "platform"]), default="seller")
@click.option("--reason-code", help="Why, in one word of the policy, such as system-bug.")
@click.option("--statement", help="What the appellant says.")
@evidence_options
@click.option("--review", "review_ids", multiple=True, help="A review that it is about.")
@step_options
def file_(ledger: str, named: str, name: str | None, style: str, **said: Any) -> None:
    """File an appeal against a DECISION, by its id or the beginning of it.

    \b
    revlex appeal file decisions.db 6kz… --reason-code system-bug \\
        --attach screenshot:1.png --evidence occurred_at
    """
    decision, opened = meant_by(ledger, named)
    step = {"type": "appeal.filed", "appeal_id": name or opened}
    about = {"decision_id": decision.decision_id}
    _take(ledger, decision.subject.shop, {**step, **about, **said}, style)


@appeal.command()
@ledger_argument
@appeal_argument
@evidence_options
@note_option
@if_options
@step_options
def evidence(ledger: str, appeal_id: str, style: str, **said: Any) -> None:
    """Hand in more evidence for an APPEAL.

    \b
    revlex appeal evidence decisions.db case-6kz… --attach photo:2.png
    revlex appeal evidence decisions.db case-6kz… --evidence tracking:https://post.example/88
    """
    if not said["evidence"] and not said["attach"]:
        raise LedgerProblem("nothing is handed in", "add `--evidence KIND` or `--attach KIND:FILE`")
    _work(ledger, "appeal.evidence_added", appeal_id, said, style)


@appeal.command()
@ledger_argument
@appeal_argument
@click.option("--reviewer", required=True, help="Who is to look at it.")
@note_option
@if_options
@step_options
def assign(ledger: str, appeal_id: str, style: str, **said: Any) -> None:
    """Give an APPEAL to a reviewer, who has not decided an attempt of it before.

    \b
    revlex appeal assign decisions.db case-6kz… --reviewer ann
    """
    _work(ledger, "appeal.assigned", appeal_id, said, style)


@appeal.command("request-evidence")
@ledger_argument
@appeal_argument
@click.option("--by", required=True, help="Who asks.")
@click.option("--wanted", multiple=True, required=True, help="A kind of evidence.")
@note_option
@if_options
@step_options
def request_evidence(ledger: str, appeal_id: str, style: str, **said: Any) -> None:
    """Ask for more evidence; the time for deciding an APPEAL stands still.

    \b
    revlex appeal request-evidence decisions.db case-6kz… --by ann --wanted photo
    """
    _work(ledger, "appeal.evidence_requested", appeal_id, said, style)


@appeal.command()
@ledger_argument
@appeal_argument
@note_option
@if_options
@step_options
def withdraw(ledger: str, appeal_id: str, style: str, **said: Any) -> None:
    """Take an APPEAL back.

    \b
    revlex appeal withdraw decisions.db case-6kz…
    """
    _work(ledger, "appeal.withdrawn", appeal_id, said, style)


@appeal.command()
@ledger_argument
@appeal_argument
@click.option(
    "--outcome", type=click.Choice(["upheld", "overturned", "partly_overturned"]), required=True
)
@click.option("--by", "decided_by", required=True, help="Who decides.")
@click.option("--reason", required=True, help="Why, for the seller.")
@click.option("--points", type=int, help="How many points stay, if it is partly overturned.")
@click.option("--review", "review_ids", multiple=True, help="A review that no longer counts.")
@click.option(
    "--error-class",
    type=click.Choice(_ERROR_CLASSES),
    help="What was wrong with the decision.",
)
@if_options
@step_options
def decide(ledger: str, appeal_id: str, style: str, **said: Any) -> None:
    """Decide an APPEAL; with --dry-run, see first what that would undo.

    \b
    revlex appeal decide decisions.db case-6kz… --outcome overturned --by ann \\
        --reason "the review was about another shop" --dry-run
    """
    _work(ledger, "appeal.decided", appeal_id, said, style)


def _work(ledger: str, type_: str, appeal_id: str, said: dict[str, Any], style: str) -> None:
    """Let a step happen to an appeal that there is."""
    shop = shop_of(ledger, appeal_id, said.pop("shop"))
    _take(ledger, shop, {"type": type_, "appeal_id": appeal_id, **said}, style)


_MANNERS = frozenset(one.name for one in fields(Manner))


def _take(ledger: str, shop: str, said: dict[str, Any], style: str) -> None:
    manner = Manner(**{name: one for name, one in said.items() if name in _MANNERS})
    step = {
        name: list(one) if isinstance(one, tuple) else one
        for name, one in said.items()
        if name not in _MANNERS
    }
    taken = take_step(ledger, shop, step, manner)
    if manner.dry_run:
        click.echo("nothing has been written; this is what would come of it:", err=True)
    _show(taken, style)


def _show(step: Step, style: str) -> None:
    """What a step has changed; `show` has the rest."""
    if style == "json":
        shown = {"appeal": step.appeal, "decisions": step.decisions}
        click.echo(msgspec.json.format(msgspec.json.encode(shown)).decode())
    else:
        say(step_lines(step))
    if any(decision.outcome.appeal_state == "refused" for decision in step.decisions):
        sys.exit(Exit.FINDINGS)
