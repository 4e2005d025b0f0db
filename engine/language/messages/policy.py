"""E6xx and W72x: sections of a policy that do not make sense, or not the sense that was meant."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics import Diagnostic, Label, did_you_mean
from ..source import Span
from .shape import shorten


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


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


def no_default_verdict(span: Span) -> Diagnostic:
    """E603: a verdict by region that leaves regions out."""
    return Diagnostic(
        "E603",
        "some regions of the policy get no verdict",
        span,
        help="add `else:` with the verdict of all other regions",
    )


def unknown_event(name: str, known: Iterable[str], span: Span) -> Diagnostic:
    """E604: not an event that this list of rules can judge."""
    names = sorted(known)
    return Diagnostic(
        "E604",
        f"these rules cannot judge `{shorten(name)}`",
        span,
        help=did_you_mean(name, names) or f"the events are {_listed(names)}",
    )


def unknown_reference(kind: str, name: str, known: Iterable[str], span: Span) -> Diagnostic:
    """E606: a violation, action, measure or band that the policy does not have."""
    names = sorted(known)
    has = f"the policy has {_listed(names)}" if names else f"add it under `{kind}s:`"
    return Diagnostic(
        "E606",
        f"there is no {kind} `{shorten(name)}`",
        span,
        help=did_you_mean(name, names) or has,
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


def band_empty(name: str, span: Span) -> Diagnostic:
    """E609: a band that no value lies in."""
    return Diagnostic(
        "E609", f"no value can lie in the band `{name}`", span, help="put the lower bound first"
    )


def steps_out_of_order(span: Span, other: Span) -> Diagnostic:
    """E610: milestones that do not rise."""
    return Diagnostic(
        "E610",
        "the steps do not rise",
        span,
        help="put the steps in order, each milestone once",
        labels=(Label(other, "this one stands before it"),),
    )


def step_unreachable(at: int, most: int, span: Span) -> Diagnostic:
    """E611: a milestone above the terminal value."""
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
        help=f"add `against:` with one or more of {_listed(kinds)}",
    )


def unknown_anchor(name: str, known: Iterable[str], span: Span) -> Diagnostic:
    """E614: a deadline counted from something unknown."""
    names = sorted(known)
    return Diagnostic(
        "E614",
        f"a deadline cannot be counted from `{shorten(name)}`",
        span,
        help=did_you_mean(name, names) or f"count it from {' or '.join(f'`{n}`' for n in names)}",
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


def beyond_retention(what: str, retention: str, span: Span) -> Diagnostic:
    """E618: a window over what has been forgotten."""
    return Diagnostic(
        "E618",
        f"the {what} reaches further back than the {retention} that anything is remembered",
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
        "`until recovered` has a meaning only where a threshold's band can be left",
        span,
        help="write a length of time, such as `for 7d`, or `permanently`",
    )


def pick_outside(low: int, high: int, span: Span) -> Diagnostic:
    """E621: points that are not in the range."""
    return Diagnostic(
        "E621",
        "the points to give are not settled",
        span,
        help=f"add `pick:` with a number from {low} to {high}",
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


def wrong_while_pending(span: Span) -> Diagnostic:
    """E625: not a way to treat actions under appeal."""
    return Diagnostic(
        "E625",
        "this is not what can become of actions under appeal",
        span,
        help="write `keep`, `suspend` or a delay such as `delay 48h`",
    )


def unordered_bound(span: Span) -> Diagnostic:
    """E626: a bound that cannot be one."""
    return Diagnostic(
        "E626",
        "a band's bound is a number or a percent, like the measure",
        span,
        help="write a constant, or a table read by a field of the subject",
    )


def kinds_differ(span: Span) -> Diagnostic:
    """E627: one rule over events about different things."""
    return Diagnostic(
        "E627",
        "one rule cannot judge events about different things",
        span,
        help="make a rule for each",
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


def no_length_zero(span: Span) -> Diagnostic:
    """E633: a length of nothing."""
    return Diagnostic("E633", "the length of time is zero", span, help="write at least one unit")


def hyphen_in_name(name: str, span: Span) -> Diagnostic:
    """E634: a name for expressions that would read as a subtraction."""
    return Diagnostic(
        "E634",
        f"in a condition `{shorten(name)}` would be a subtraction",
        span,
        help=f"write `{shorten(name.replace('-', '_'))}`",
    )


# ------------------------------------------------------------------ warnings


def no_least_sample(name: str, span: Span) -> Diagnostic:
    """W720: a threshold over a rate of very few."""
    return Diagnostic(
        "W720",
        f"a single review can move `{name}` across a band, as it has no least sample",
        span,
        help="add `at_least:` to the measure, such as `at_least: 30`",
    )


def no_reason(span: Span) -> Diagnostic:
    """W721: something adverse without a reason."""
    return Diagnostic(
        "W721",
        "this works against the shop and gives no reason",
        span,
        help="add `because:` with a sentence for the seller",
    )


def no_appeal(kind: str, span: Span) -> Diagnostic:
    """W722: something adverse without an appeal."""
    return Diagnostic(
        "W722",
        "this works against the shop and cannot be appealed",
        span,
        help=f"add an appeal `against: [{kind}]` under `appeals:`",
    )


def unused(kind: str, name: str, span: Span) -> Diagnostic:
    """W723: a name that nothing uses."""
    return Diagnostic(
        "W723", f"nothing uses the {kind} `{shorten(name)}`", span, help="use it or remove it"
    )


def always_holds(span: Span) -> Diagnostic:
    """W724: a condition that everything meets."""
    return Diagnostic(
        "W724", "this always holds", span, help="leave the condition out, or correct it"
    )


def unreachable(span: Span, earlier: Span) -> Diagnostic:
    """W725: an entry that an earlier first match hides."""
    return Diagnostic(
        "W725",
        "nothing gets here, as an earlier entry takes it all",
        span,
        help="put it before the other, or remove it",
        labels=(Label(earlier, "this one takes it"),),
    )


def covered_word(word: str, by: str, span: Span, other: Span) -> Diagnostic:
    """W726: a word of a list that another covers."""
    return Diagnostic(
        "W726",
        f"`{shorten(word)}` adds nothing, as whatever contains it contains `{shorten(by)}` too",
        span,
        help=f"remove `{shorten(word)}`",
        labels=(Label(other, "this one covers it"),),
    )


def impossible_word(word: str, span: Span) -> Diagnostic:
    """W727: a word of a list that no text contains."""
    return Diagnostic(
        "W727",
        f"no text can contain `{shorten(word)}`",
        span,
        help="write a word with letters or digits",
    )
