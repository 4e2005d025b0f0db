"""`revlex appeal …`: working the appeals of a ledger at the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import click
import msgspec

from ...ledger.casework import Casework, Step
from ...ledger.ledger import Ledger
from ...ledger.problems import LedgerProblem
from ...ledger.reading import LedgerReader
from ...records.appeal import Appeal
from ...records.decision import Decision, encode
from ...runtime.instants import to_datetime
from ..running import instant_of
from .options import key_option, ledger_argument, style_option
from .saying import Exit, say

_ERROR_CLASSES = ("rule_wrong", "data_wrong", "threshold_wrong", "context_missing", "new_evidence")
_LONG = timedelta(days=31)
"""After so long without an event, a step that does not say when it happens is asked to."""

_OPEN_STATES = ("open", "under_review", "evidence_requested", "escalated")


@click.group()
def appeal() -> None:
    """Work the appeals of a ledger: file, assign, ask for evidence, decide.

    \b
    revlex appeal list decisions.db
    revlex appeal file decisions.db 6kz… --evidence statement
    revlex appeal decide decisions.db case-… --outcome overturned --by ann --reason "…" --dry-run
    """


appeal_argument = click.argument("appeal_id", metavar="APPEAL")
as_json = style_option("json")
at_time = click.option("--at", help="When it happens, such as 2025-08-01T09:00:00Z; else now.")
now_option = click.option("--now", is_flag=True, help="It happens now, long after all else.")
dry_run_option = click.option("--dry-run", is_flag=True, help="Only show what would come of it.")
note_option = click.option("--note", help="A note for the record.")


# ------------------------------------------------------------------------ looking


@appeal.command("list")
@ledger_argument
@click.option("--state", help="Only those in this state; `all`: every one; else: not ended.")
@click.option("--shop", help="Only those of this shop.")
@as_json
def list_(ledger: str, state: str | None, shop: str | None, style: str) -> None:
    """Show the appeals that wait for somebody, those due first.

    \b
    revlex appeal list decisions.db
    revlex appeal list decisions.db --state all --shop s1
    """
    with LedgerReader(ledger) as reader:
        found = [one for one in reader.all_appeals() if shop in (None, one.shop)]
    wanted = [one for one in found if _is_wanted(one, state)]
    wanted.sort(key=lambda one: (one.due_at or one.deadline or "", one.shop, one.appeal_id))
    if style == "json":
        click.echo(_json(wanted))
    else:
        say([*map(_line, wanted), f"{len(wanted)} of {len(found)} appeals"])


def _is_wanted(one: Appeal, state: str | None) -> bool:
    return state == "all" or (one.state in _OPEN_STATES if state is None else one.state == state)


def _line(one: Appeal) -> str:
    """An appeal on one line: what to do by when comes first."""
    if one.due_at is not None and one.state in ("under_review", "evidence_requested"):
        until = f"to be decided by {one.due_at}"
    else:
        until = f"can be filed until {one.deadline}" if one.deadline else "without a deadline"
    against = f"{one.rule} ({_listed(one.decision_ids) or 'no decision'})"
    return f"{one.appeal_id}  {one.state}, {until}; shop {one.shop}, against {against}"


@appeal.command()
@ledger_argument
@appeal_argument
@as_json
def show(ledger: str, appeal_id: str, style: str) -> None:
    """Show everything about one APPEAL.

    \b
    revlex appeal show decisions.db case-6kz…
    """
    with LedgerReader(ledger) as reader:
        found = reader.appeal(appeal_id)
    if style == "json":
        click.echo(msgspec.json.format(encode(found)).decode())
    else:
        say(_appeal_lines(found))


# ------------------------------------------------------------------------ working


@appeal.command("file")
@ledger_argument
@click.argument("decision_id", metavar="DECISION")
@click.option("--id", "name", help="What the appeal is to be called; left out: as it was opened.")
@click.option("--appellant", type=click.Choice(["seller", "buyer", "platform"]), default="seller")
@click.option("--reason-code", help="Why, in one word of the policy, such as system-bug.")
@click.option("--statement", help="What the appellant says.")
@click.option("--evidence", multiple=True, help="A kind, or a kind, a colon and where it is.")
@click.option("--review", "review_ids", multiple=True, help="A review that it is about.")
@at_time
@now_option
@dry_run_option
@key_option
@as_json
def file_(ledger: str, decision_id: str, name: str | None, style: str, **said: Any) -> None:
    """File an appeal against a DECISION.

    \b
    revlex appeal file decisions.db 6kz… --reason-code system-bug \\
        --evidence screenshot:https://files.example/1.png --evidence occurred_at
    """
    with LedgerReader(ledger) as reader:
        decision = reader.decision(decision_id)
        opened = [one for one in reader.all_appeals() if decision_id in one.decision_ids]
    if name is None:
        name = opened[-1].appeal_id if opened else f"appeal-{decision_id}"
    step = {"type": "appeal.filed", "decision_id": decision_id, **said}
    _take(ledger, decision.subject.shop, name, step, style)


@appeal.command()
@ledger_argument
@appeal_argument
@click.option(
    "--evidence", multiple=True, required=True, help="A kind, or a kind, a colon and where it is."
)
@note_option
@at_time
@now_option
@dry_run_option
@key_option
@as_json
def evidence(ledger: str, appeal_id: str, style: str, **said: Any) -> None:
    """Hand in more evidence for an APPEAL.

    \b
    revlex appeal evidence decisions.db case-6kz… --evidence photo:2.png
    """
    _work(ledger, appeal_id, {"type": "appeal.evidence_added", **said}, style)


@appeal.command()
@ledger_argument
@appeal_argument
@click.option("--reviewer", required=True, help="Who is to look at it.")
@note_option
@at_time
@now_option
@dry_run_option
@key_option
@as_json
def assign(ledger: str, appeal_id: str, style: str, **said: Any) -> None:
    """Give an APPEAL to a reviewer, who has not decided an attempt of it before.

    \b
    revlex appeal assign decisions.db case-6kz… --reviewer ann
    """
    _work(ledger, appeal_id, {"type": "appeal.assigned", **said}, style)


@appeal.command("request-evidence")
@ledger_argument
@appeal_argument
@click.option("--by", required=True, help="Who asks.")
@click.option("--wanted", multiple=True, required=True, help="A kind of evidence.")
@note_option
@at_time
@now_option
@dry_run_option
@key_option
@as_json
def request_evidence(ledger: str, appeal_id: str, style: str, **said: Any) -> None:
    """Ask for more evidence; the time for deciding an APPEAL stands still.

    \b
    revlex appeal request-evidence decisions.db case-6kz… --by ann --wanted photo
    """
    _work(ledger, appeal_id, {"type": "appeal.evidence_requested", **said}, style)


@appeal.command()
@ledger_argument
@appeal_argument
@note_option
@at_time
@now_option
@dry_run_option
@key_option
@as_json
def withdraw(ledger: str, appeal_id: str, style: str, **said: Any) -> None:
    """Take an APPEAL back.

    \b
    revlex appeal withdraw decisions.db case-6kz…
    """
    _work(ledger, appeal_id, {"type": "appeal.withdrawn", **said}, style)


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
@at_time
@now_option
@dry_run_option
@key_option
@as_json
def decide(ledger: str, appeal_id: str, style: str, **said: Any) -> None:
    """Decide an APPEAL; with --dry-run, see first what that would undo.

    \b
    revlex appeal decide decisions.db case-6kz… --outcome overturned --by ann \\
        --reason "the review was about another shop" --dry-run
    """
    _work(ledger, appeal_id, {"type": "appeal.decided", **said}, style)


def _work(ledger: str, appeal_id: str, step: dict[str, Any], style: str) -> None:
    """Let a step happen to an appeal that there is."""
    with LedgerReader(ledger) as reader:
        shop = reader.appeal(appeal_id).shop
    _take(ledger, shop, appeal_id, step, style)


def _take(ledger: str, shop: str, appeal_id: str, step: dict[str, Any], style: str) -> None:
    given, now, dry_run = step.pop("at"), step.pop("now"), step.pop("dry_run")
    key = step.pop("key")
    said = {name: list(one) if isinstance(one, tuple) else one for name, one in step.items()}
    with LedgerReader(ledger) as reader:
        at = given or _present(reader, shop, meant=now)
    instant_of(at)
    with Ledger(ledger, key) as opened, LedgerReader(ledger) as reader:
        event = {**said, "appeal_id": appeal_id, "occurred_at": at}
        taken = Casework(opened, reader).take(shop, event, dry_run=dry_run)
    if dry_run:
        click.echo("nothing has been written; this is what would come of it:", err=True)
    _show_step(taken, style)


def _present(reader: LedgerReader, shop: str, *, meant: bool) -> str:
    """The present time, unless the shop has heard of nothing for long.

    Time that has passed for a shop cannot be taken back, and with it deadlines pass.
    """
    now, last = datetime.now(UTC), reader.last_event_at(shop)
    if last is not None and not meant and now - to_datetime(last, UTC) > _LONG:
        day = to_datetime(last, UTC).date().isoformat()
        help_ = "say when it happens with `--at`, or `--now` to let time pass until today"
        raise LedgerProblem(f"the last event of shop `{shop}` is of {day}", help_)
    return now.isoformat()


# ------------------------------------------------------------------------ showing


def _show_step(step: Step, style: str) -> None:
    """What a step has changed; `show` has the rest."""
    if style == "json":
        shown = {"appeal": step.appeal, "decisions": step.decisions}
        click.echo(msgspec.json.format(msgspec.json.encode(shown)).decode())
    else:
        say([*_step_lines(step.appeal), *map(_decision_line, step.decisions)])
    if any(decision.outcome.appeal_state == "refused" for decision in step.decisions):
        sys.exit(Exit.FINDINGS)


def _json(records: list[Appeal]) -> str:
    return msgspec.json.format(b"[" + b",".join(map(encode, records)) + b"]").decode()


def _step_lines(found: Appeal) -> Iterator[str]:
    """How an appeal stands after a step, what has to be done by when, and what is undone."""
    yield f"{found.appeal_id}: {found.state}, attempt {found.attempt} of {found.attempts}"
    yield from _named(
        ("to be decided by", found.due_at), ("wanted", _listed(found.evidence_wanted))
    )
    yield from (f"  no   {one.name}: {one.explanation}" for one in found.checks if not one.passed)
    yield from _plan_lines(found)


def _appeal_lines(found: Appeal) -> Iterator[str]:
    """Everything about an appeal."""
    yield f"{found.appeal_id}: {found.state}, attempt {found.attempt} of {found.attempts}"
    against = f"{found.rule} ({_listed(found.decision_ids) or 'no decision'})"
    yield f"  shop {found.shop}, against {against}"
    yield from _named(
        ("can be filed until", found.deadline),
        ("to be decided by", found.due_at),
        ("reviewer", found.reviewer),
        ("reason", found.reason_code),
        ("statement", found.statement),
        ("evidence", _listed(found.evidence)),
        ("wanted", _listed(found.evidence_wanted)),
        ("outcome", found.outcome_reason),
    )
    for check in found.checks:
        yield f"  {'yes' if check.passed else 'no '}  {check.name}: {check.explanation}"
    for one in found.history:
        yield f"  {one.at}  {one.state}, by {one.actor}" + (f": {one.note}" if one.note else "")
    yield from _plan_lines(found)


def _named(*pairs: tuple[str, str | None]) -> Iterator[str]:
    yield from (f"  {name}: {value}" for name, value in pairs if value)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _plan_lines(found: Appeal) -> Iterator[str]:
    for undone in found.reversal_plan:
        why = undone.why or (f"by {undone.reversed_by}" if undone.reversed_by else "")
        yield f"  undo {undone.what} {undone.decision_id}: {undone.status} {why}".rstrip()


def _decision_line(decision: Decision) -> str:
    because = f": {decision.rule.because}" if decision.rule.because else ""
    return f"  + {decision.kind} {decision.rule.id} ({decision.decision_id}){because}"
