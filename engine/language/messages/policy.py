"""E601 to E649: sections of a policy that do not make sense."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..diagnostics import Diagnostic, Label
from ..source import Span
from .shape import listed, nearest, shorten


def nothing_to_judge(span: Span) -> Diagnostic:
    """E601: a rule without a condition."""
    return Diagnostic(
        "E601",
        "the rule does not say when it speaks",
        span,
        help="add `when:` with a condition, or `require:` with one that must hold",
    )


def needs_partner(name: str, partner: str, span: Span) -> Diagnostic:
    """E602: a key that means nothing without another."""
    return Diagnostic(
        "E602", f"`{name}` needs `{partner}` beside it", span, help=f"add `{partner}:`"
    )


def no_default_verdict(missing: Iterable[str], span: Span) -> Diagnostic:
    """E603: a verdict by region that leaves regions out."""
    return Diagnostic(
        "E603",
        f"there is no verdict for {listed(missing) or 'other regions'}",
        span,
        help="add it, or `else:` with the verdict of all others",
    )


def two_verdicts(span: Span) -> Diagnostic:
    """E605: `verdict` and `otherwise` in one rule, which gives one verdict."""
    return Diagnostic(
        "E605",
        "a rule gives one verdict, and here are two",
        span,
        help="keep `otherwise`, which falls when `require` does not hold, or make two rules",
    )


def unknown_event(
    name: str, known: Iterable[str], span: Span, home: str | None = None
) -> Diagnostic:
    """E604: not an event that this list of rules can judge; `home` is one that can."""
    names = sorted(known)
    elsewhere = None if home is None else f"write the rule under `{home}:`"
    return Diagnostic(
        "E604",
        f"these rules cannot judge `{shorten(name)}`",
        span,
        help=elsewhere or nearest(name, names) or f"the events are {listed(names)}",
    )


def unknown_reference(kind: str, name: str, known: Iterable[str], span: Span) -> Diagnostic:
    """E606: a violation, action, measure or band that the policy does not have."""
    names = list(known)
    has = f"there is {listed(names)}" if names else f"add it under `{kind}s:`"
    return Diagnostic(
        "E606", f"there is no {kind} `{shorten(name)}`", span, help=nearest(name, names) or has
    )


def band_overlap(first: str, second: str, span: Span, other: Span) -> Diagnostic:
    """E607: a value that two bands claim."""
    return Diagnostic(
        "E607",
        f"the bands `{first}` and `{second}` overlap",
        span,
        help="let one end with `below` where the next begins with `from`",
        labels=(Label(other, f"`{first}` is here"),),
    )


def band_gap(first: str, second: str, span: Span, other: Span) -> Diagnostic:
    """E608: a value that no band claims."""
    return Diagnostic(
        "E608",
        f"between the bands `{first}` and `{second}` there is a gap",
        span,
        help="let one end with `below` where the next begins with `from`, at the same value",
        labels=(Label(other, f"`{first}` is here"),),
    )


def bands_end(name: str, side: str, span: Span) -> Diagnostic:
    """E608: values below the lowest band or above the highest, where a shop would be stuck."""
    fix = "`below` or `up to` in the lowest band" if side == "below" else "`from` in the highest"
    return Diagnostic(
        "E608",
        f"what is {side} the band `{name}` lies in no band",
        span,
        help=f"add a band for it, or write only {fix}",
    )


def for_row(found: Diagnostic, row: str) -> Diagnostic:
    """What is wrong with bands, where it is so for one row of a table."""
    return replace(found, message=f"for `{shorten(row)}`, {found.message}")


def band_empty(name: str, span: Span) -> Diagnostic:
    """E609: a band that no value lies in."""
    return Diagnostic(
        "E609", f"no value can lie in the band `{name}`", span, help="put the lower bound first"
    )


def steps_out_of_order(span: Span, other: Span, *, down: bool = False) -> Diagnostic:
    """E610: milestones that do not rise, or do not fall on a ladder that counts down."""
    return Diagnostic(
        "E610",
        f"the steps do not {'fall' if down else 'rise'}",
        span,
        help="put the steps in order, each milestone once",
        labels=(Label(other, "this one stands before it"),),
    )


def step_unreachable(at: int, most: int, span: Span) -> Diagnostic:
    """E611: a milestone beyond the terminal value."""
    return Diagnostic(
        "E611",
        f"nobody can reach the step at {at}",
        span,
        help=f"the ladder ends at its terminal value, {most}",
    )


def overlap_undefined(name: str, places: int, span: Span) -> Diagnostic:
    """E612: an action asked for in several places without saying what an overlap does."""
    return Diagnostic(
        "E612",
        f"`{name}` is asked for in {places} places, and nothing says what happens when it runs"
        " already",
        span,
        help="add `overlap: extend`, `restart`, `longest` or `keep` to the action",
    )


def appeal_against_what(name: str, kinds: Iterable[str], span: Span) -> Diagnostic:
    """E613: an appeal that does not say against what."""
    return Diagnostic(
        "E613",
        f"the appeal `{shorten(name)}` does not say against which decisions it is",
        span,
        help=f"add `against:` with one or more of {listed(kinds)}",
    )


def unknown_anchor(name: str, known: Iterable[str], span: Span) -> Diagnostic:
    """E614: a deadline counted from something unknown."""
    names = sorted(known)
    return Diagnostic(
        "E614",
        f"a deadline cannot be counted from `{shorten(name)}`",
        span,
        help=nearest(name, names) or f"count it from {' or '.join(f'`{n}`' for n in names)}",
    )


def low_stars_posted(span: Span) -> Diagnostic:
    """E615: a draft that would answer unhappy buyers unseen."""
    return Diagnostic(
        "E615",
        "this draft could post an answer to 1 or 2 stars without anybody having read it",
        span,
        help="add `review.stars >= 3` to its `when`, or write `mode: approve`",
    )


def slot_may_be_missing(text: str, span: Span) -> Diagnostic:
    """E616: a slot of a sentence that may have nothing in it."""
    return Diagnostic(
        "E616",
        f"the slot `{shorten(text)}` may have nothing in it",
        span,
        help=f"give it a fallback, such as `{shorten(text)} ?? 'friend'`",
    )


def measure_circle(names: Iterable[str], span: Span) -> Diagnostic:
    """E617: measures that are made of each other."""
    return Diagnostic(
        "E617",
        f"these measures are made of each other: {' -> '.join(f'`{n}`' for n in names)}",
        span,
        help="let one of them count instead of reading the other",
    )


def beyond_retention(days: int, span: Span) -> Diagnostic:
    """E618: a window over what has been forgotten."""
    return Diagnostic(
        "E618",
        f"the window reaches further back than the {days} days that anything is remembered",
        span,
        help="shorten it, or lengthen `retention:`",
    )


def no_sample(span: Span) -> Diagnostic:
    """E619: a least sample of something that has none."""
    return Diagnostic(
        "E619",
        "`at_least` needs a value that has a sample: a ratio, an average or a share",
        span,
        help="leave it out, or write the value as `count(...) / count(...)`",
    )


def never_recovers(span: Span) -> Diagnostic:
    """E620: an action until recovery where nothing recovers."""
    return Diagnostic(
        "E620",
        "`until recovered` has a meaning only where a band can be left or a milestone lost",
        span,
        help="write a length of time, such as `for 7d`, or `permanently`",
    )


def pick_outside(low: int, high: int, span: Span) -> Diagnostic:
    """E621: a range of points from which none, or one outside, is picked."""
    pick = f"write `pick:` with a number from {low} to {high}"
    return Diagnostic(
        "E621",
        "the points to give are not settled",
        span,
        help=pick if low < high else "leave `pick:` out, or write a range of points",
    )


def ends_before_start(span: Span) -> Diagnostic:
    """E622: dates in the wrong order."""
    return Diagnostic("E622", "it ends before it begins", span, help="put `until` after `from`")


def wrong_region_verdict(word: str, possible: Iterable[str], span: Span) -> Diagnostic:
    """E623: a verdict that these rules do not give."""
    return Diagnostic(
        "E623",
        f"these rules do not give the verdict `{word}`",
        span,
        help=f"write {' or '.join(f'`{one}`' for one in possible)}",
    )


def never_holds(span: Span) -> Diagnostic:
    """E624: a condition that nothing can meet."""
    return Diagnostic(
        "E624", "this can never hold", span, help="correct the condition, or remove the rule"
    )


def wrong_while_pending(text: str, span: Span) -> Diagnostic:
    """E625: not a way to treat actions under appeal."""
    return Diagnostic(
        "E625",
        f"`{shorten(text)}` is not what can become of actions under appeal",
        span,
        help="write `keep`, `suspend` or a delay such as `delay 48h`",
    )


def not_measurable(span: Span) -> Diagnostic:
    """E626: a measure that is no quantity."""
    return Diagnostic(
        "E626",
        "a measure is a number, a percent or a length of time",
        span,
        help="count something, such as `count(review where review.stars <= 2)`",
    )


def not_counted(span: Span) -> Diagnostic:
    """E627: something in a measure or threshold that is not known when measures are taken."""
    return Diagnostic(
        "E627",
        "this is not known where measures are taken",
        span,
        help="a measure is made of what is counted, and a threshold of measures and the subject",
    )


def follows_from_bands(span: Span) -> Diagnostic:
    """E627: something in a band, or in what a threshold requires, that follows from bands."""
    return Diagnostic(
        "E627",
        "points and actions follow from bands, so that no band can rest on them",
        span,
        help="ask for them in the `when` of a rule, or in the `require` of an appeal",
    )


def not_constant(span: Span) -> Diagnostic:
    """E628: something to be worked out where a plain value is wanted."""
    return Diagnostic(
        "E628", "a plain value is wanted here", span, help="write it out, such as `0.84%`"
    )


def mixed_table(name: str, span: Span) -> Diagnostic:
    """E629: a table with values of different types."""
    return Diagnostic(
        "E629",
        f"the values of the table `{shorten(name)}` are of different types",
        span,
        help="write them all in one way, such as `0.84%`",
    )


def table_without(name: str, what: str, span: Span) -> Diagnostic:
    """E630: a table that lacks `by` or `else`."""
    return Diagnostic(
        "E630",
        f"the table `{shorten(name)}` has no `{what}`",
        span,
        help="add `by: product.category`" if what == "by" else "add `else:`, what all others get",
    )


def shadowed_name(name: str, what: str, span: Span) -> Diagnostic:
    """E631: a name that means something already."""
    return Diagnostic(
        "E631",
        f"`{shorten(name)}` is {what} already",
        span,
        help="choose another name",
    )


def unknown_subject(entity: str, per: str, span: Span) -> Diagnostic:
    """E632: counted things that do not belong to the measure's subject."""
    return Diagnostic(
        "E632",
        f"`{entity}` does not belong to a {per}",
        span,
        help="count something else, or measure it `per: shop`",
    )


def no_length_zero(text: str, span: Span) -> Diagnostic:
    """E633: a length of nothing."""
    return Diagnostic(
        "E633", f"`{shorten(text)}` is no length at all", span, help="write at least one"
    )


def hyphen_in_name(name: str, span: Span) -> Diagnostic:
    """E634: a name for expressions that would read as a subtraction."""
    return Diagnostic(
        "E634",
        f"where it is used, `{shorten(name)}` would be a subtraction",
        span,
        help=f"write `{shorten(name.replace('-', '_'))}`",
    )


def nothing_follows(name: str, span: Span) -> Diagnostic:
    """E635: a consequence that says nothing."""
    return Diagnostic(
        "E635",
        f"nothing follows from entering `{shorten(name)}`",
        span,
        help="add `violation:` or `do:`, or remove it",
    )


def no_zone(regions: Iterable[str], span: Span) -> Diagnostic:
    """E636: regions without a time zone."""
    return Diagnostic(
        "E636",
        f"there is no time zone for {listed(regions)}",
        span,
        help="add it, or `else:` for all others",
    )


def measure_too_early(name: str, span: Span) -> Diagnostic:
    """E637: a measure where none is known yet."""
    return Diagnostic(
        "E637",
        f"`{shorten(name)}` is a measure, and measures are taken after the rules on events",
        span,
        help="look at the measure with a threshold, and let what follows stand there",
    )


def other_subject(name: str, per: str, wanted: str, span: Span) -> Diagnostic:
    """E638: a measure of one kind of subject read for another."""
    return Diagnostic(
        "E638",
        f"`{shorten(name)}` is measured per {per}, and here a {wanted} is looked at",
        span,
        help="read a measure per shop"
        if wanted == "shop"
        else f"read one per {wanted} or per shop",
    )


def leaves_inside(name: str, span: Span, band: Span) -> Diagnostic:
    """E639: a way to leave a band that lies inside it."""
    return Diagnostic(
        "E639",
        f"this is inside the band `{shorten(name)}` that it is to leave",
        span,
        help="write a range outside the band, such as `below 0.8%` for a band from 1%",
        labels=(Label(band, "the band is here"),),
    )


def calendar_length(text: str, span: Span) -> Diagnostic:
    """E640: a length that depends on a calendar where it must not."""
    return Diagnostic(
        "E640",
        f"how long `{shorten(text)}` is depends on the calendar",
        span,
        help="write a fixed length, such as `24h` or `30d`",
    )


def falls_on_nothing(action: str, scope: str, possible: Iterable[str], span: Span) -> Diagnostic:
    """E641: an action asked for where what it falls on is not known."""
    return Diagnostic(
        "E641",
        f"`{action}` falls on a {scope}, and none is known here",
        span,
        help=f"ask for an action that falls on a {' or a '.join(sorted(possible))}",
    )


def extends_from_part(scope: str, span: Span) -> Diagnostic:
    """E641: an action on something of a shop that extends to other things."""
    return Diagnostic(
        "E641",
        f"only what falls on the shop extends to others, and this falls on a {scope}",
        span,
        help="write `scope: shop`, or ask for an action on each of them",
    )


def never_fed(name: str, span: Span) -> Diagnostic:
    """E642: a ladder that no points get onto."""
    return Diagnostic(
        "E642",
        f"nobody can climb `{shorten(name)}`, as no violation that it counts gives points",
        span,
        help="give points to a violation, such as `points: 4`",
    )


def buyers_doing(span: Span) -> Diagnostic:
    """E643: a shop punished for what buyers do."""
    return Diagnostic(
        "E643",
        "this measure is about a buyer, and what follows would fall on the shop",
        span,
        help="leave `on_enter` out, so that the threshold only records, or measure `per: shop`",
    )


def nothing_to_appeal(kind: str, span: Span) -> Diagnostic:
    """E644: an appeal that nobody can file."""
    return Diagnostic(
        "E644",
        f"nobody can file this appeal: nothing in the policy leads to {_APPEALED[kind]}",
        span,
        help="remove it, or write what it is against",
    )


_APPEALED = {
    "violation": "a violation",
    "action": "an action",
    "threshold": "a threshold with consequences",
    "verdict": "a verdict of hold, reject or refuse",
}


def length_too_long(years: int, span: Span) -> Diagnostic:
    """E645: longer than anybody lives."""
    return Diagnostic(
        "E645", f"this is longer than {years} years", span, help="write a shorter length"
    )


def not_a_key(span: Span) -> Diagnostic:
    """E646: a table by something that is no field with words."""
    return Diagnostic(
        "E646",
        "a table is read by a field that is a text or a word of a list",
        span,
        help="name a kind and its field, such as `product.category` or `shop.tier`",
    )


def reserved_region(name: str, span: Span) -> Diagnostic:
    """E647: a region whose name means all others."""
    return Diagnostic(
        "E647",
        f"no region can be called `{name}`, which means all others",
        span,
        help="give the region another name",
    )


def policy_too_large(span: Span, nodes: int) -> Diagnostic:
    """Thousands of rules that each use a large definition."""
    return Diagnostic(
        "E648",
        f"with all definitions written out, the policy has more than {nodes:,} parts up to here",
        span,
        help="use fewer definitions inside one another, or split the policy",
    )
