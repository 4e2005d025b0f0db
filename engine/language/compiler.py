"""The driver: from the files of a policy to a typed program, every stage in order.

Each stage goes on past a mistake where it can, so that one run reports them all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from .authored import PolicyFile
from .catalog import catalog_data, standard_catalog
from .diagnostics import Report
from .environment import Environment
from .lint import lint
from .messages import policy as policy_messages
from .messages import shape as messages
from .pack import Pack, read_pack, read_sources
from .program import Program, Threshold
from .sections.additions import extended
from .sections.appeals import build_appeals
from .sections.calendars import build_calendars
from .sections.classify import build_classify
from .sections.context import DAY, ELSE, Context
from .sections.drafts import build_drafts, build_limits
from .sections.enforcement import build_actions, build_ladders, build_violations
from .sections.events import with_verdicts
from .sections.measures import build_measures
from .sections.notices import build_notices
from .sections.remedies import build_remedies
from .sections.rules import build_rules
from .sections.thresholds import build_thresholds
from .sections.variants import check_variants
from .sections.versions import settle_versions
from .sections.words import build_definitions, build_lists, build_tables, check_names
from .shapes import Named, fitting
from .source import Embedded, Source
from .types import ERROR
from .zones import UTC_NAME, zone_meant, zone_names, zones_of_places

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


def compile_sources(
    sources: Iterable[Source], packs: Mapping[str, Sequence[Source]] | None = None
) -> tuple[Program | None, Report]:
    """Compile texts that are in memory, as the files of one pack.

    `packs` are the files of those that they extend, by path as seen from this one, such as
    `../sea`.
    """
    report = Report()
    pack = read_sources(sources, report, packs)
    return _compile(pack, report), report


def _compile(pack: Pack | None, report: Report) -> Program | None:
    if pack is None:
        return None
    if extended(pack.policy.catalog, report) is None:
        return None
    context = _context(pack, report)
    program = _program(pack, context)
    lint(program, pack.policy, context)
    return None if report.has_errors else program


def _context(pack: Pack, report: Report) -> Context:
    """Collect the names that the sections may use of each other."""
    policy = pack.policy
    catalog = with_verdicts(extended(policy.catalog, Report()) or standard_catalog(), policy)
    unclear = dict.fromkeys(check_names(policy, catalog, report))
    environment = Environment(
        catalog=catalog,
        definitions={**build_definitions(policy, report), **unclear},
        lists=build_lists(policy),
        tables={**build_tables(policy, catalog, report), **unclear},
        ladders=pack.ladders,
        actions=frozenset(_names(policy.actions)),
        falls_on={named.key.text: named.value.scope.text for named in fitting(policy.actions)},
    )
    context = Context(
        catalog=catalog,
        report=report,
        environment=environment,
        regions=_regions(policy, report),
        named_regions=pack.regions,
        below=pack.below,
        zones={"": UTC_NAME},
        violations=dict.fromkeys(_names(policy.violations)),
        action_scopes={
            named.key.text: named.value.scope.text if named.value else None
            for named in policy.actions or ()
        },
        subjects={named.key.text: named.value.per.text for named in fitting(policy.measures)},
        measures=dict.fromkeys(_names(policy.measures), ERROR),
    )
    context.zones = _zones(context, policy)
    settle_versions(context, policy, pack.versions)
    check_variants(context, policy)
    return context


def _names(entries: tuple[Named, ...] | None) -> tuple[str, ...]:
    """The names that a section gives, in the author's order, each once."""
    return tuple(dict.fromkeys(named.key.text for named in entries or ()))


def _program(pack: Pack, context: Context) -> Program:
    policy = pack.policy
    retention = context.retention = context.duration(policy.retention, DEFAULT_RETENTION)
    classify = build_classify(context, policy)
    rules = build_rules(context, policy)
    drafts = build_drafts(context, policy)
    measures, aggregates = build_measures(context, policy, retention)
    thresholds = build_thresholds(context, policy, measures)
    violations = build_violations(context, policy)
    actions = build_actions(context, policy)
    ladders = build_ladders(context, policy, violations)
    appeals = build_appeals(context, policy)
    name = policy.policy.text if policy.policy else ""
    return Program(
        name=name,
        title=policy.title.text if policy.title else name,
        version=policy.version.text if policy.version else "1",
        digest=content_digest(pack, thresholds),
        regions=context.regions,
        zones=context.zones,
        calendars=build_calendars(context, policy),
        effective=context.effective,
        announced=context.day(policy.effective.announced) if policy.effective else None,
        adopts=policy.in_flight is not None and policy.in_flight.text == "adopt",
        lateness=context.duration(policy.lateness, 0),
        retention=retention,
        catalog=context.catalog,
        classify=classify,
        rules=rules,
        draft_limits=build_limits(context, policy),
        drafts=drafts,
        aggregates=aggregates,
        rollups=tuple(context.rollups),
        measures=measures,
        thresholds=thresholds,
        violations=violations,
        actions=actions,
        ladders=ladders,
        appeals=appeals,
        remedies=build_remedies(context, policy),
        notices=build_notices(context, policy),
    )


def content_digest(pack: Pack, thresholds: Iterable[Threshold] = ()) -> str:
    """SHA-256 of what a pack says, without layout and comments, and of what gives it meaning.

    The order of keys means nothing, but for bands that have conditions or move one way.
    """
    content: list[object] = [LANGUAGE_VERSION, catalog_data(), pack.content]
    ordered = [one for one in thresholds if one.is_ordered]
    if ordered:
        content.append([[one.name, *(band.name for band in one.bands)] for one in ordered])
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _regions(policy: PolicyFile, report: Report) -> tuple[str, ...]:
    """The regions of the policy, each once; `else` can be none of them."""
    first: dict[str, Embedded] = {}
    for region in policy.regions or ():
        if region.text == ELSE:
            report.add(policy_messages.reserved_region(region.text, region.span))
        elif first.setdefault(region.text, region) is not region:
            place = first[region.text].span
            report.add(messages.same_name("regions", region.text, region.span, place))
    return tuple(first)


def _zones(context: Context, policy: PolicyFile) -> dict[str, str]:
    """The zones by region; under the empty name that of all others, else of the first region."""
    given = policy.timezone
    if given is None:
        return {"": UTC_NAME}
    if isinstance(given, Embedded):
        return {"": _zone(given, context.report) or UTC_NAME}
    found = {}
    for named in fitting(given):
        region = context.region(named.key, default=True)
        zone = _zone(named.value, context.report)
        if region is not None and zone is not None:
            found[region] = zone
    missing = [region for region in context.regions if region not in found]
    if given and "" not in found and missing and len(found) == len(given):
        context.report.add(policy_messages.no_zone(missing, given[0].key.span))
    home = next((found[region] for region in context.regions if region in found), UTC_NAME)
    left_out = context.named_regions.difference(context.regions) if context.regions else ()
    return {"": home, **{name: zone for name, zone in found.items() if name not in left_out}}


def _zone(text: Embedded, report: Report) -> str | None:
    if text.text in zone_names():
        return text.text
    meant = zone_meant(text.text)
    report.add(messages.unknown_zone(text.text, meant, zones_of_places(), text.span))
    return None
