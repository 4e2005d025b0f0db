"""The driver: from the files of a policy to a typed program, every stage in order.

Each stage goes on past a mistake where it can, so that one run reports them all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import available_timezones

from .authored import CalendarEntry, PolicyFile
from .catalog import Catalog, catalog_data, standard_catalog
from .diagnostics import Report, did_you_mean
from .environment import Environment
from .lint import lint
from .messages import shape as messages
from .pack import Pack, read_pack, read_sources
from .program import CalendarSpec, Program
from .sections.appeals import build_appeals
from .sections.classify import build_classify
from .sections.context import Context, parse_date
from .sections.drafts import build_drafts, build_limits
from .sections.enforcement import build_actions, build_ladders, build_violations
from .sections.measures import DAY, build_measures
from .sections.rules import build_rules
from .sections.thresholds import build_thresholds
from .sections.words import build_definitions, build_lists, build_tables, check_names
from .source import Embedded, Source

LANGUAGE_VERSION = "1"
"""Part of every digest: the same text under another meaning is another policy."""

DEFAULT_RETENTION = 400 * DAY
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def compile_policy(path: Path | str) -> tuple[Program | None, Report]:
    """Compile the pack at a path: one file, or a folder of YAML files.

    There is a program exactly when the report has no errors; it may have warnings then.
    """
    report = Report()
    pack = read_pack(Path(path), report)
    return _compile(pack, report), report


def compile_sources(sources: Iterable[Source]) -> tuple[Program | None, Report]:
    """Compile texts that are in memory, as the files of one pack."""
    report = Report()
    pack = read_sources(sources, report)
    return _compile(pack, report), report


def _compile(pack: Pack | None, report: Report) -> Program | None:
    if pack is None:
        return None
    policy, catalog = pack.policy, standard_catalog()
    context = _context(policy, catalog, report)
    program = _program(pack, catalog, context)
    if report.has_errors:
        return None
    lint(program, policy, context)
    return None if report.has_errors else program


def _context(policy: PolicyFile, catalog: Catalog, report: Report) -> Context:
    """Collect the names that the sections may use of each other."""
    check_names(policy, catalog, report)
    environment = Environment(
        catalog=catalog,
        about=None,
        definitions=build_definitions(policy, report),
        lists=build_lists(policy, report),
        tables=build_tables(policy, report),
        measures={},
        ladders=frozenset(entry.ladder.text for entry in policy.escalations or ()),
        actions=frozenset(named.key.text for named in policy.actions or ()),
        parameters={},
        aggregates=False,
        certain=frozenset(),
    )
    return Context(
        catalog=catalog,
        report=report,
        environment=environment,
        regions=tuple(region.text for region in policy.regions or ()),
        zone=_zones(policy, report)[""],
        violations=frozenset(named.key.text for named in policy.violations or ()),
    )


def _program(pack: Pack, catalog: Catalog, context: Context) -> Program:
    policy, report = pack.policy, context.report
    retention = context.duration(policy.retention, DEFAULT_RETENTION)
    classify = build_classify(context, policy)
    rules = build_rules(context, policy)
    drafts = build_drafts(context, policy)
    measures, aggregates = build_measures(context, policy, retention)
    thresholds = build_thresholds(context, policy, measures)
    name = policy.policy.text if policy.policy else ""
    return Program(
        name=name,
        title=policy.title.text if policy.title else name,
        version=policy.version.text if policy.version else "1",
        digest=content_digest(pack),
        regions=context.regions,
        zones=_zones(policy, report),
        calendar=_calendar(policy.calendar, report),
        effective=context.interval(policy.effective),
        announced=context.day(policy.effective.announced) if policy.effective else None,
        lateness=context.duration(policy.lateness, 0),
        retention=retention,
        catalog=catalog,
        classify=classify,
        rules=rules,
        draft_limits=build_limits(context, policy),
        drafts=drafts,
        aggregates=aggregates,
        measures=measures,
        thresholds=thresholds,
        violations=build_violations(context, policy),
        actions=build_actions(context, policy),
        ladders=build_ladders(context, policy),
        appeals=build_appeals(context, policy),
    )


def content_digest(pack: Pack) -> str:
    """SHA-256 of what a pack says, without layout and comments, and of what gives it meaning."""
    content = [LANGUAGE_VERSION, catalog_data(), pack.content]
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _zones(policy: PolicyFile, report: Report) -> dict[str, str]:
    given = policy.timezone
    if given is None:
        return {"": "UTC"}
    if isinstance(given, Embedded):
        return {"": _zone(given, report)}
    found = {named.key.text: _zone(named.value, report) for named in given}
    default = found.pop("else", "UTC")
    return {"": default, **found}


def _zone(text: Embedded, report: Report) -> str:
    known = available_timezones()
    if text.text in known:
        return text.text
    guess = did_you_mean(text.text, known)
    near = None if guess is None else guess.removeprefix("did you mean `").removesuffix("`?")
    report.add(messages.unknown_zone(text.text, near, text.span))
    return "UTC"


def _calendar(entry: CalendarEntry | None, report: Report) -> CalendarSpec:
    if entry is None:
        return CalendarSpec()
    weekend = CalendarSpec().weekend
    if entry.weekend is not None:
        weekend = frozenset(_WEEK.index(day.text) for day in entry.weekend)
    days = (parse_date(text, report) for text in entry.holidays or ())
    return CalendarSpec(weekend, frozenset(day.toordinal() for day in days if day is not None))
