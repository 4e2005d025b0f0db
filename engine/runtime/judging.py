"""Rules on events: classification, verdicts on reviews, replies and reports, and drafts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..language.functions import picked
from ..language.program import VERDICTS, Draft, Message, Mode, Rule, Status
from ..language.syntax import Hours
from ..records.decision import Decision, DraftText, Evidence, Outcome
from .choosing import choose, number_of
from .desk import Desk, Slots, shown
from .entities import KEY, Entity, put_back
from .errors import EvaluationError
from .holds import ADVERSE, Holds
from .lower import Failed
from .model import Issued
from .openings import Openings
from .trace import explain, matched_words
from .violations import Offence
from .writing import Moment, Wording


@dataclass(slots=True)
class Judged:
    """An event under judgement: what it is about, and everything in scope.

    `before` is what a review was until then, where the event edits it or follows up. `refused` says
    that a rule refused the event. `bound` are the decisions whose verdicts fell.
    """

    kind: str
    entity: Entity
    scope: list[Entity]
    moment: Moment
    before: Entity | None = None
    refused: bool = False
    bound: list[str] = field(default_factory=list)


class Judging:
    """The rules on events of one shop."""

    def __init__(self, desk: Desk, openings: Openings, holds: Holds) -> None:
        """Work at a desk, with the openings of appeals and the holds of the same shop."""
        self._desk = desk
        self._openings = openings
        self._holds = holds

    # ---------------------------------------------------------- classifying

    def classify(self, judged: Judged) -> None:
        """Give a review that nobody has classified the class of the first line that holds."""
        review = judged.entity
        region, now = self._desk.facts.region, judged.moment.now
        found = self._desk.prepared.classification(region, now)
        if found is None or review.class_set_by == "event":
            return
        function, lines = found
        hits = function(*judged.scope, now, self._desk.measuring)
        line = next((lines[hit] for hit in hits if isinstance(hit, int)), None)
        review.class_ = line.as_class if line else "unclassified"
        review.class_set_by = "rule" if line else "none"

    # -------------------------------------------------------------- verdicts

    def has_rules(self, event_type: str, now: int) -> bool:
        """Whether any rule judges events of a type here and now."""
        return self._desk.prepared.judges(event_type, self._desk.facts.region, now) is not None

    def judge(self, event_type: str, judged: Judged) -> list[Offence]:
        """Let the rules speak on an event; gives the violations that they found."""
        moment, region = judged.moment, self._desk.facts.region
        judges = self._desk.prepared.judges(event_type, region, moment.now)
        if judges is None:
            return []
        self._desk.measuring.at(moment.now)
        hits = judges.judge(*judged.scope, moment.now, self._desk.measuring)
        offences = []
        for hit in hits:
            if isinstance(hit, Failed):
                self._failed(judges.rules[hit.index], hit.reason, judged)
            else:
                offences += self._fired(judges.rules[hit], judged)
        if judged.refused:
            self._refuse(judged)
        return offences

    def _fired(self, rule: Rule, judged: Judged) -> list[Offence]:
        verdict = rule.verdict(self._desk.facts.region)
        wording = self._wording(rule, verdict, judged)
        binding = rule.status is Status.ENFORCE
        subject = self._desk.writer.subject(judged.kind, getattr(judged.entity, KEY), judged.entity)
        identity = self._desk.writer.identify(wording, subject, judged.moment)
        if identity in self._desk.redress.void:
            return []
        if binding and verdict in ADVERSE:
            wording = self._openings.announce(wording, "verdict", judged.moment.now)
        decision = self._desk.writer.write(wording, subject, judged.moment)
        if not binding:
            return []
        self._bind(rule, verdict, judged, decision)
        if rule.violation is None or verdict == "allow":
            return []
        return [Offence(rule.violation, decision, decision.rule.because)]

    def _bind(self, rule: Rule, verdict: str, judged: Judged, decision: Decision) -> None:
        """Let a verdict fall: the strictest stays."""
        entity = judged.entity
        if _strictness(verdict) > _strictness(entity.verdict):
            entity.verdict = verdict
        judged.refused = judged.refused or (judged.kind == "review" and verdict == "refuse")
        if verdict not in ADVERSE:
            return
        issued = Issued(
            kind="verdict",
            rule=rule.name,
            at=judged.moment.now,
            root=decision.decision_id,
            subject_kind=judged.kind,
            subject_id=getattr(entity, KEY),
            event=judged.moment.event_id,
            verdict=verdict,
        )
        self._desk.register.add(decision.decision_id, issued)
        judged.bound.append(decision.decision_id)
        if verdict == "hold" and rule.time_out is not None:
            self._holds.begin(decision, rule.time_out, judged.moment.now)
        self._openings.open(decision, "verdict", judged.moment)

    def _refuse(self, judged: Judged) -> None:
        """A refused review does not stand; a refused edit or follow-up leaves it as it was."""
        if judged.before is None:
            if judged.entity.status == "standing":
                judged.entity.status = "refused"
            return
        put_back(judged.entity, judged.before)
        for decision in judged.bound:
            self._desk.facts.issued[decision].edit = True
            self._holds.drop(decision)

    def _wording(self, rule: Rule, verdict: str, judged: Judged) -> Wording:
        now = judged.moment.now
        named = self._desk.named_scope(judged.kind, judged.entity)
        measuring = self._desk.measuring
        explanation = explain(rule.condition, named, now, measuring)
        words = matched_words(rule.condition, named, now, measuring)
        shown = {"matched": ", ".join(f"“{word}”" for word in words) or "nothing"}
        because = self._desk.fill(rule.because, judged.kind, judged.entity, now, shown)
        return Wording(
            kind="verdict",
            section=rule.stratum.value,
            item=rule,
            span=rule.span,
            outcome=Outcome(verdict=verdict),
            evidence=Evidence(explanation=explanation),
            because=because,
        )

    def _failed(self, rule: Rule, reason: str, judged: Judged) -> None:
        """A rule that could not be decided says so, and does nothing."""
        wording = Wording(
            kind="verdict",
            section=rule.stratum.value,
            item=rule,
            span=rule.span,
            outcome=Outcome(),
            result="error",
            error=reason,
        )
        subject = self._desk.writer.subject(judged.kind, getattr(judged.entity, KEY), judged.entity)
        self._desk.writer.write(wording, subject, judged.moment)

    # --------------------------------------------------------------- drafts

    def draft(self, event_type: str, judged: Judged) -> None:
        """Draft a reply, if a draft's condition holds; the first one answers."""
        now, region = judged.moment.now, self._desk.facts.region
        drafting = self._desk.prepared.drafting(event_type, region, now)
        if drafting is None or judged.entity.status != "standing":
            return
        self._desk.measuring.at(now)
        hits = drafting.first(*judged.scope, now, self._desk.measuring)
        for hit in hits:
            if isinstance(hit, Failed):
                self._failed_draft(drafting.drafts[hit.index], hit.reason, judged)
            else:
                self._drafted(drafting.drafts[hit], judged)

    def _drafted(self, draft: Draft, judged: Judged) -> None:
        now = judged.moment.now
        live = draft.status is Status.ENFORCE
        held = self._over_limit(judged) if live else None
        text = self._text(draft, judged) if held is None else None
        if held is None and text is None:
            held = "no template can be filled"
        mode = draft.mode if live or draft.status is Status.SHADOW else Mode.DRAFT
        post_at = self._post_at(draft, now) if held is None else None
        named = self._desk.named_scope(judged.kind, judged.entity)
        outcome = DraftText(
            mode=mode.value,
            text=text[1] if text else None,
            language=text[0] if text else None,
            template=text[2] if text else None,
            post_at=self._desk.writer.time(post_at),
            held_back_by=held,
        )
        wording = Wording(
            kind="draft",
            section="reply_drafts",
            item=draft,
            span=draft.span,
            outcome=Outcome(draft=outcome),
            evidence=Evidence(
                explanation=explain(draft.condition, named, now, self._desk.measuring)
            ),
            because=self._desk.fill(draft.because, judged.kind, judged.entity, now),
            result="fired" if held is None else "not fired",
            applies_from=post_at,
        )
        subject = self._desk.writer.subject(judged.kind, getattr(judged.entity, KEY), judged.entity)
        self._desk.writer.write(wording, subject, judged.moment)
        if held is None and live:
            self._note_draft(judged)

    def _failed_draft(self, draft: Draft, reason: str, judged: Judged) -> None:
        wording = Wording(
            kind="draft",
            section="reply_drafts",
            item=draft,
            span=draft.span,
            outcome=Outcome(),
            result="error",
            error=reason,
        )
        subject = self._desk.writer.subject(judged.kind, getattr(judged.entity, KEY), judged.entity)
        self._desk.writer.write(wording, subject, judged.moment)

    def _post_at(self, draft: Draft, now: int) -> int:
        """When a draft goes out: after its delay, and within the hours."""
        hours: Hours | None = self._desk.prepared.program.draft_limits.hours
        at = now + draft.delay
        return at if hours is None else self._desk.calendar.next_opening(at, hours)

    def _text(self, draft: Draft, judged: Judged) -> tuple[str, str, int] | None:
        """A filled template in the review's language: the next one that can be filled."""
        language = judged.entity.language or "else"
        key = language if language in draft.templates else "else"
        if key not in draft.templates:
            key = next(iter(draft.templates))
        texts = draft.templates[key]
        slots = Slots(self._desk.measuring, _picks(draft, key, judged))
        slot = f"{draft.name}|{key}"
        for number in self._texts_in_turn(slot, draft, key, judged):
            text = self._filled(texts[number].message, slots, judged)
            if text is not None:
                self._desk.facts.last_template[slot] = number
                return key, text, number
        return None

    def _texts_in_turn(
        self, slot: str, draft: Draft, language: str, judged: Judged
    ) -> Iterable[int]:
        """A text chosen by the review's key, then those behind it; the last one used comes last."""
        number = number_of(draft.seed, slot, getattr(judged.entity, KEY))
        weights = [text.weight for text in draft.templates[language]]
        last, count = self._desk.facts.last_template.get(slot), len(weights)
        first = choose(number, weights, last)
        return sorted(((first + by) % count for by in range(count)), key=lambda one: one == last)

    def _filled(self, template: Message, slots: Slots, judged: Judged) -> str | None:
        """The template's text, or nothing where a slot comes out empty."""
        parts = []
        for part in self._desk.prepared.message(template, judged.kind):
            if isinstance(part, str):
                parts.append(part)
                continue
            try:
                value = part.function(*judged.scope, judged.moment.now, slots)
            except EvaluationError:
                return None
            text = shown(value, part)
            if not text.strip():
                return None
            parts.append(text)
        return "".join(parts)

    # ---------------------------------------------------------------- limits

    def _over_limit(self, judged: Judged) -> str | None:
        """Which limit keeps a draft back, if one does."""
        limits, now = self._desk.prepared.program.draft_limits, judged.moment.now
        buyer = judged.entity.buyer_link
        checks: Mapping[str, tuple[str, Any]] = {
            "per_buyer": (f"buyer|{buyer}", limits.per_buyer if buyer else None),
            "per_shop": ("shop|", limits.per_shop),
        }
        for name, (key, rate) in checks.items():
            if rate is None:
                continue
            times = self._desk.facts.drafted.get(key, [])
            recent = [at for at in times if now < self._desk.leaves(at, rate.length)]
            if len(recent) >= rate.count:
                return f"the limit `{name}` of {rate.count} is used up"
        total = len(self._desk.facts.drafted.get("run|", []))
        if limits.per_run is not None and total >= limits.per_run:
            return f"the limit `per_run` of {limits.per_run} is used up"
        return None

    def _note_draft(self, judged: Judged) -> None:
        limits, now = self._desk.prepared.program.draft_limits, judged.moment.now
        drafted = self._desk.facts.drafted
        if limits.per_buyer and judged.entity.buyer_link:
            drafted.setdefault(f"buyer|{judged.entity.buyer_link}", []).append(now)
        if limits.per_shop:
            drafted.setdefault("shop|", []).append(now)
        if limits.per_run:
            drafted.setdefault("run|", []).append(now)


def _picks(draft: Draft, language: str, judged: Judged) -> Mapping[str, str]:
    """The entries of lists that the texts of a language take, by the names of their parameters."""
    key = getattr(judged.entity, KEY)
    return {
        picked(name): words[number_of(draft.seed, name, key) % len(words)]
        for name, words in draft.picks.get(language, {}).items()
    }


def _strictness(verdict: str) -> int:
    return VERDICTS.index(verdict) if verdict in VERDICTS else -1
