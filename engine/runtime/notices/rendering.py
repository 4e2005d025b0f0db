"""From the record of a decision to the letter that its seller gets.

Nothing but the record and the policy goes into a notice, so that it can be made again at any time.
It never fails: where the policy has no words, or they cannot be filled in, built-in ones in plain
English stand.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Final

from ...language import ir
from ...language.compiler import compile_sources
from ...language.program import Message, NoticeLine, NoticeTemplate, Program, Status
from ...language.source import Source
from ...records.decision import Decision
from ...records.explain import headline
from ...records.notice import Notice
from ..calendar import Calendar
from ..errors import EvaluationError
from ..instants import parse_instant
from .owed import can_be_announced, is_owed
from .slots import Computing, Reading, Tongue, Words, harmless, on_its_line
from .tongues import ELSE, chain, spoken
from .values import Values, announced_kind, values_of

_ENGLISH: Final = "en"
_OTHERWISE: Final = {
    "en": "any other reason",
    "th": "เหตุผลอื่น",
    "vi": "lý do khác",
    "id": "alasan lain",
    "pt": "outro motivo",
}
"""What `else` is called among the reasons of an appeal, where the policy has no word for it."""


def render_notice(program: Program, decision: Decision, language: str | None = None) -> Notice:
    """What a seller is told of a decision.

    Args:
        program: The policy that decided.
        decision: Any decision of it.
        language: The tag of the shop's language; left out: that of its region.
    """
    return NoticeWriter(program).write(decision, language)


class NoticeWriter:
    """Makes the notices of one policy; what its templates say is compiled once."""

    def __init__(self, program: Program) -> None:
        """Make notices in the words of a policy."""
        self._program = program
        self._computing = Computing()
        self._calendars: dict[str, Calendar] = {}

    @property
    def program(self) -> Program:
        """The policy in whose words sellers are told."""
        return self._program

    def tells(self, decision: Decision) -> bool:
        """Whether a seller is told of a decision.

        Of what the policy has notices for, those that fit are told; of the rest, what sellers are
        owed, in the built-in words.
        """
        if not can_be_announced(decision):
            return False
        if not self._is_spoken_of(decision):
            return is_owed(decision)
        reading = self._reading(decision, self._values(decision))
        return self._fitting(self._program, decision, reading) is not None

    def _is_spoken_of(self, decision: Decision) -> bool:
        """Whether the policy has notices for decisions of this kind and name, there and then."""
        return any(_speaks(template, decision) for template in self._program.notices.templates)

    def write(self, decision: Decision, language: str | None = None) -> Notice:
        """What the seller is told, in the first of the languages that there are words in."""
        wanted = chain(self._program.notices, decision.subject.region, language)
        made = self._from(self._program, decision, wanted, self._program.notices.words)
        if made is None:
            made = self._built_in(decision)
        return made

    def _built_in(self, decision: Decision) -> Notice:
        words = self._program.notices.words
        made = self._from(built_in_notices(), decision, (_ENGLISH,), words)
        if made is not None:
            return made
        said = harmless(headline(decision))
        return self._notice(decision, (None, _ENGLISH), "A decision about your shop", said)

    # ------------------------------------------------------------------- filling in

    def _from(
        self, source: Program, decision: Decision, wanted: tuple[str, ...], words: Words
    ) -> Notice | None:
        """The notice in the words of one policy, if these can be filled in."""
        values = self._values(decision)
        reading = self._reading(decision, values)
        template = self._fitting(source, decision, reading)
        key = None if template is None else spoken(template.texts, wanted)
        if template is None or key is None:
            return None
        subject = template.subjects[spoken(template.subjects, (key.lower(),)) or key]
        language = None if key == ELSE else key
        zone = self._program.zone(decision.subject.region)
        words = {ELSE: _OTHERWISE, **words}
        tongue = Tongue(language, _first(language, wanted), zone, words)
        values["evidence_wanted"] = _evidence(decision, tongue)
        filling = _Filling(self._computing, reading, tongue)
        try:
            told = filling.line(subject)
            body = "\n".join(_tidy(filling.lines(template.texts[key])))
        except EvaluationError:
            return None
        name = template.name if source is self._program else None
        return self._notice(decision, (name, language), " ".join((told or "").split()), body)

    def _notice(
        self, decision: Decision, origin: tuple[str | None, str | None], subject: str, body: str
    ) -> Notice:
        template, language = origin
        return Notice(
            decision_id=decision.decision_id,
            kind=decision.kind,
            shop=decision.subject.shop,
            region=decision.subject.region,
            policy=decision.policy.name,
            policy_digest=decision.policy.digest,
            at=decision.time.event_time,
            language=language,
            template=template,
            subject=subject,
            body=body,
            deadline=decision.time.appealable_until,
            evidence_wanted=decision.redress.evidence_wanted if decision.redress else {},
        )

    # ------------------------------------------------------------------- what fits

    def _fitting(
        self, source: Program, decision: Decision, reading: Reading
    ) -> NoticeTemplate | None:
        for template in source.notices.templates:
            if _speaks(template, decision) and self._holds(template.condition, reading):
                return template
        return None

    def _holds(self, condition: ir.Expr | None, reading: Reading) -> bool:
        """Whether a condition holds; one that cannot be computed does not."""
        if condition is None:
            return True
        try:
            return self._computing.value(condition, reading) is True
        except EvaluationError:
            return False

    def _values(self, decision: Decision) -> Values:
        plain = Tongue(None, (), "UTC", {})
        found = values_of(self._program, decision)
        return {**found, "evidence_wanted": _evidence(decision, plain)}

    def _reading(self, decision: Decision, values: Values) -> Reading:
        region, program = decision.subject.region, self._program
        calendar = self._calendars.get(region)
        if calendar is None:
            calendar = Calendar.of(program.zone(region), program.calendar(region))
            self._calendars[region] = calendar
        return Reading(values, calendar)


class _Filling:
    """Fills in the lines of one notice."""

    def __init__(self, computing: Computing, reading: Reading, tongue: Tongue) -> None:
        self._computing = computing
        self._reading = reading
        self._tongue = tongue

    def lines(self, lines: Iterable[NoticeLine]) -> Iterator[str]:
        """The lines that stand there."""
        for line in lines:
            if line.condition is None or self._value(line.condition) is True:
                filled = self.line(line.message)
                if filled is not None:
                    yield filled

    def line(self, message: Message) -> str | None:
        """A line with its slots filled; nothing where one of them has nothing in it."""
        written = []
        for part in message.parts:
            value = part if isinstance(part, str) else self._value(part)
            if value is None:
                return None
            said = on_its_line(part) if isinstance(part, str) else self._tongue.write(value, part)
            written.append(said)
        return "".join(written)

    def _value(self, expr: ir.Expr) -> ir.Value:
        return self._computing.value(expr, self._reading)


def _speaks(template: NoticeTemplate, decision: Decision) -> bool:
    """Whether a template is for decisions of this kind and name, in their region at their time."""
    if template.status is Status.DISABLED or announced_kind(decision) not in template.kinds:
        return False
    if template.of and decision.rule.id not in template.of:
        return False
    return template.applies(decision.subject.region, parse_instant(decision.time.event_time))


def _first(language: str | None, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The languages for words: that of the text before the others that the seller may read."""
    return wanted if language is None else (language.lower(),)


def _tidy(lines: Iterable[str]) -> Iterator[str]:
    """Lines without blank ones at the ends, and never two blank ones together."""
    blank, begun = False, False
    for line in lines:
        if not line.strip():
            blank = begun
            continue
        if blank:
            yield ""
        yield line.rstrip()
        blank, begun = False, True


def _evidence(decision: Decision, tongue: Tongue) -> str | None:
    """What has to be handed in with an appeal, by the reason that is given."""
    wanted: Mapping[str, list[str]] = decision.redress.evidence_wanted if decision.redress else {}
    if not wanted:
        return None
    reasons = sorted(wanted, key=lambda reason: (reason == ELSE, reason))
    each = {reason: ", ".join(map(tongue.word, wanted[reason])) for reason in reasons}
    if reasons == [ELSE]:
        return each[ELSE]
    return "; ".join(f"{tongue.word(reason)}: {kinds}" for reason, kinds in each.items())


@functools.cache
def built_in_notices() -> Program:
    """The notices that stand where a policy has none: plain English, with words for all kinds."""
    file = files("revlex.grammar") / "notices.yaml"
    program, report = compile_sources([Source("notices.yaml", file.read_text(encoding="utf-8"))])
    assert program is not None, list(report)  # noqa: S101  # a test compiles the file
    return program
