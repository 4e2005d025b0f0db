"""Versions: files of a pack whose entries apply from a day on, or until one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..authored import Dates, PolicyFile
from ..messages import lint as lint_messages
from ..messages import variants as messages
from ..program import Version
from ..source import Embedded
from .context import DAY, Context, parse_date


def settle_versions(context: Context, policy: PolicyFile, files: Mapping[int, PolicyFile]) -> None:
    """Note what each file says about its entries, and look at when it was announced.

    Args:
        context: Gets the versions.
        policy: The whole policy.
        files: The files with terms of their own, by the `id` of their sources.
    """
    context.effective = context.interval(policy.effective)
    for source, file in files.items():
        interval = context.interval(file.effective)
        is_own = source not in context.below
        if file.effective is not None and is_own and not interval.meets(context.effective):
            context.report.add(lint_messages.never_in_force(file.effective.span))
        context.day(file.effective.announced if file.effective else None)
        said = file.version or policy.version
        start = context.effective.start if interval.start is None else interval.start
        context.versions[source] = Version(said.text if said else "1", start, interval)
    dates = [policy.effective, *(file.effective for file in files.values())]
    _check_notice(context, policy.notice_period, (each for each in dates if each is not None))


def _check_notice(context: Context, period: Embedded | None, dates: Iterable[Dates]) -> None:
    """Report what begins to apply sooner after it was announced than the policy promises."""
    if period is None:
        return
    needed = context.duration(period, 0)
    for each in dates:
        start = None if each.from_ is None else parse_date(each.from_, context.report)
        if each.from_ is None or start is None or each.broken:
            continue
        if each.announced is None:
            context.report.add(messages.not_announced(period.text, each.from_.span))
            continue
        told = parse_date(each.announced, context.report)
        if told is not None and (start - told).days * DAY < needed:
            days = (start - told).days
            context.report.add(messages.too_soon(period.text, days, each.announced.span))
