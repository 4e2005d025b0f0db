"""`notices`: what sellers are told of each kind of decision, in their languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from .. import ir
from .. import parser as parsing
from ..announced import MOST_CHARACTERS, MOST_SLOTS, variables_of
from ..authored import NoticeEntry, NoticesEntry, PolicyFile
from ..authored import NoticeLine as LineEntry
from ..diagnostics import MOST_DIAGNOSTICS
from ..messages import notices as messages
from ..messages import policy as policy_messages
from ..program import Message, NoticeLine, Notices, NoticeTemplate, Status
from ..shapes import Named, fitting
from ..source import Embedded
from ..syntax import Node, Template, TemplateText
from ..types import BOOLEAN, Optional, Type
from .context import ELSE, Context, Scope
from .languages import is_language, language_of
from .notice_reach import report_beyond
from .notice_scope import names_of, report_gaps
from .order import Turn, report_hidden
from .rules import report_constant


def build_notices(context: Context, policy: PolicyFile) -> Notices:
    """The notices; those for single names come first, else in the author's order."""
    given = policy.notices
    if given is None:
        return Notices()
    known = names_of(policy)
    found = [_template(context, entry, known) for entry in given.entries]
    whole = (one for one in found if one is not None)
    templates = tuple(sorted(whole, key=lambda one: not one.of))
    report_hidden(context, [_turn(one, known) for one in templates])
    notices = Notices(_languages(context, given), _words(context, given), templates)
    if not context.report.has_errors:  # what has a mistake may be what is missing
        report_gaps(context, policy, notices)
    return notices


def _turn(template: NoticeTemplate, known: Mapping[str, frozenset[str]]) -> Turn:
    """A template as something that takes decisions from those behind it."""
    taken = {
        f"{kind}/{name}" for kind in template.kinds for name in template.of or {"", *known[kind]}
    }
    condition = template.condition or ir.true(template.span)
    return Turn(template, condition, frozenset(taken), template.span)


# --------------------------------------------------------------------- languages, words


def _languages(context: Context, given: NoticesEntry) -> dict[str, str]:
    found = {}
    for named in fitting(given.languages):
        region = context.region(named.key, default=True)
        language = language_of(named.value, context.report)
        if region is not None and language is not None:
            found[region] = language
    return found


def _words(context: Context, given: NoticesEntry) -> dict[str, dict[str, str]]:
    return {
        named.key.text: {
            language: one.value.text
            for one in fitting(named.value)
            if (language := language_of(one.key, context.report, default=True)) is not None
        }
        for named in fitting(given.words)
    }


# --------------------------------------------------------------------------- templates


def _template(
    context: Context, entry: NoticeEntry, known: Mapping[str, frozenset[str]]
) -> NoticeTemplate | None:
    kinds = _kinds(entry)
    names = _names(context, entry, kinds, known)
    texts = NoticeTexts(context, kinds)
    condition = texts.condition(entry.when)
    subjects, lines = texts.subjects(entry.subject), texts.texts(entry.text)
    regions, interval = context.entry_regions(entry), context.entry_interval(entry)
    _check_languages(context, entry)
    if texts.failed or (entry.of is not None and not names):
        return None
    return NoticeTemplate(
        name=entry.notice.text,
        span=entry.notice.span,
        status=Status(entry.status.text) if entry.status else Status.ENFORCE,
        regions=regions,
        effective=interval,
        owner=entry.owner.text if entry.owner else None,
        links=tuple(link.text for link in entry.links or ()),
        version=context.versions.get(id(entry.span.source)),
        kinds=kinds,
        of=names,
        condition=condition,
        subjects=subjects,
        texts=lines,
    )


def _kinds(entry: NoticeEntry) -> tuple[str, ...]:
    given = (entry.for_,) if isinstance(entry.for_, Embedded) else entry.for_
    return tuple(dict.fromkeys(kind.text for kind in given))


def _names(
    context: Context,
    entry: NoticeEntry,
    kinds: tuple[str, ...],
    known: Mapping[str, frozenset[str]],
) -> frozenset[str]:
    """What a notice is of, as far as the policy has it."""
    possible = frozenset[str]().union(*(known[kind] for kind in kinds))
    for name in entry.of or ():
        if name.text not in possible:
            context.unknown(" or ".join(kinds), name.text, sorted(possible), name.span)
    return frozenset(name.text for name in entry.of or () if name.text in possible)


def _check_languages(context: Context, entry: NoticeEntry) -> None:
    """Report a subject without a text, and a text without a subject."""
    told = {named.key.text for named in entry.subject}
    said = {named.key.text for named in entry.text}
    odd = told ^ said
    covered = ELSE in told and told <= {*said, ELSE}
    if odd and not covered and all(map(is_language, told | said)):
        context.report.add(messages.no_subject(sorted(odd), entry.notice.span))


@dataclass(slots=True)
class NoticeTexts:
    """Reads what one notice says; `failed` once something is wrong with it."""

    context: Context
    kinds: tuple[str, ...]
    failed: bool = False

    def condition(self, text: Embedded | None) -> ir.Expr | None:
        """Which decisions a notice, or a line of one, is for."""
        node = None if text is None else parsing.parse_expression(text, self.context.report)
        checked = None if node is None else self._checked(node, BOOLEAN)
        if checked is not None:
            report_constant(self.context, checked)
        self.failed |= text is not None and checked is None
        return checked

    def subjects(self, given: Iterable[Named]) -> dict[str, Message]:
        """The subjects by language; every slot has to have something in it."""
        found = {}
        for language, text in self._by_language(given):
            message = self._message(text, whole=True)
            if message is not None:
                found[language] = message
        return found

    def texts(self, given: Iterable[Named]) -> dict[str, tuple[NoticeLine, ...]]:
        """The lines by language."""
        return {language: tuple(self._lines(value)) for language, value in self._by_language(given)}

    def _by_language(self, given: Iterable[Named]) -> Iterator[tuple[str, Embedded]]:
        for named in given:
            language = language_of(named.key, self.context.report, default=True)
            if language is None or named.value is None:
                self.failed = True
            else:
                yield language, named.value

    def _lines(self, given: Embedded | tuple[Embedded | LineEntry, ...]) -> Iterator[NoticeLine]:
        pieces = (given,) if isinstance(given, Embedded) else given
        written = [one if isinstance(one, Embedded) else one.text for one in pieces]
        if self._is_too_long(written):
            return
        for piece, text in zip(pieces, written, strict=True):
            when = None if isinstance(piece, Embedded) else self.condition(piece.when)
            for line in _split(text):
                message = self._message(line, whole=False)
                if message is not None:
                    yield NoticeLine(message, when)

    def _is_too_long(self, written: list[Embedded]) -> bool:
        """Whether a text has more characters than a notice may have."""
        if sum(len(text.text) for text in written) <= MOST_CHARACTERS:
            return False
        self._too_much("characters", MOST_CHARACTERS, written[0])
        return True

    def _too_much(self, what: str, most: int, text: Embedded) -> None:
        self.context.report.add(messages.too_much(what, most, text.at(0, 1)))
        self.failed = True

    def _message(self, text: Embedded, *, whole: bool) -> Message | None:
        """A line; with `whole`, nothing in it may be missing."""
        if not text.text.strip():
            return Message((), "")
        node = parsing.parse_template(text, self.context.report)
        parts = None
        if isinstance(node, Template) and not self._has_many_slots(node, text):
            parts = [self._part(part, whole=whole) for part in node.parts]
        if parts is None or any(part is None for part in parts):
            self.failed = True
            return None
        return Message(tuple(part for part in parts if part is not None), text.text)

    def _has_many_slots(self, node: Template, text: Embedded) -> bool:
        slots = sum(not isinstance(part, TemplateText) for part in node.parts)
        if slots > MOST_SLOTS:
            self._too_much("slots in a line", MOST_SLOTS, text)
        return slots > MOST_SLOTS

    def _part(self, node: Node, *, whole: bool) -> str | ir.Expr | None:
        if isinstance(node, TemplateText):
            return node.text
        checked = self._checked(node, None)
        if whole and checked is not None and isinstance(checked.type, Optional):
            found = policy_messages.slot_may_be_missing(node.span.text, node.span)
            self.context.report.add(found)
            return None
        return checked

    def _checked(self, node: Node, expected: Type | None) -> ir.Expr | None:
        if len(self.context.report) >= MOST_DIAGNOSTICS:
            return None
        parameters = variables_of(self.kinds)
        if report_beyond(self.context, node, self.kinds, parameters):
            return None
        scope = replace(_SCOPE, parameters=parameters)
        return self.context.check(node, scope, expected)


_SCOPE = Scope()


def _split(text: Embedded) -> Iterator[Embedded]:
    """The lines of a text with their places, without blank ones at its end."""
    start = 0
    for line in text.text.rstrip().split("\n"):
        yield text.part(start, start + len(line))
        start += len(line) + 1
