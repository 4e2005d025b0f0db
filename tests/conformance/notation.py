"""The notation of the conformance suite: cases read from YAML, scripts read line by line.

`README.md` beside this file describes it; nothing here knows how policies are evaluated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

START = "2025-06-01T00:00:00Z"
"""The instant `T`, where a case does not say another."""

_MICROS = {"us": 1, "ms": 10**3, "s": 10**6, "m": 60 * 10**6, "h": 3600 * 10**6}
_MICROS |= {"d": 24 * _MICROS["h"], "w": 7 * 24 * _MICROS["h"]}

_STEP = re.compile(r"([+-])(\d+)(us|ms|s|m|h|d|w)")
_STEPS = rf"(?:{_STEP.pattern.replace('(', '(?:')})"
_OFFSET = re.compile(rf"(?:T{_STEPS}*|{_STEPS}+)")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)")
_TOKEN = re.compile(r'(?:[^\s"\[]|"(?:\\.|[^"\\])*"|\[(?:"(?:\\.|[^"\\])*"|[^"\]])*\])+')
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_ITEM = re.compile(r'\s*("(?:\\.|[^"\\])*"|[^",]+?)\s*(?:,|$)')
_REPEATED = re.compile(r'("(?:\\.|[^"\\])*")\*(\d+)')
_NAMED = re.compile(r"(?P<name>[a-z_]+)=(?P<value>.*)", re.DOTALL)

_KEYS: Mapping[str, str | None] = {
    "review.reported": "report_id",
    "review.report_decided": "report_id",
    "violation.recorded": "violation_id",
    "violation.voided": "decision_id",
    "notice.sent": "decision_id",
    "chat": "thread_id",
    "incentive": "promotion_id",
    "shop": None,
    "clock": None,
    "calendar": None,
}
"""What the first word behind a type is, where it is not the kind with `_id`."""

_LINKS = {
    "buyer": "buyer_key",
    **{name: f"{name}_id" for name in ("order", "product", "review", "reply", "return")},
}
"""Short names of fields that are ids."""


class NotationError(Exception):
    """A case does not keep to the notation."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event: its envelope and fields as a JSON object; whether it is the last of its line."""

    event_id: str
    at: int
    json: str
    last: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """A decision that has to come: its words, and further facts of it."""

    at: int
    words: tuple[str, ...]
    facts: Mapping[str, Any]
    text: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Passing:
    """Time passes to an instant."""

    at: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Something that holds when time has passed to an instant."""

    at: int
    words: tuple[str, ...]
    facts: Mapping[str, Any]
    text: str


Line = Happening | Passing | Standing


@dataclass(slots=True)
class Script:
    """What happens in a case, and what has to come of it."""

    lines: list[Line] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    end: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """One case: a policy and a script, or a policy and the codes that it is refused with."""

    file: str
    name: str
    row: str
    shows: tuple[str, ...]
    policy: tuple[tuple[str, str], ...]
    start: str
    script: str
    region: str | None
    kinds: frozenset[str] | None
    codes: tuple[str, ...] | None

    @property
    def id(self) -> str:
        """How the case is called in a report."""
        return f"{self.file}: {self.name}" + (f" [{self.row}]" if self.row else "")


# ------------------------------------------------------------------------------- files


def read_file(path: Path) -> Iterator[Case]:
    """The cases of a file, each row of a family as one."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    _known(data, {"about", "groups"}, path.name)
    for group in data["groups"]:
        _known(group, {"about", "policy", "files", "start", "before", "region", "cases"}, path.name)
        for entry in group["cases"]:
            yield from _cases(path.stem, group, entry)


_OF_A_CASE = {"case", "shows", "policy", "start", "script", "region", "kinds", "codes", "rows"}


def _known(data: Mapping[str, Any], keys: set[str], where: str) -> None:
    if set(data) - keys:
        raise NotationError(f"{where}: {sorted(set(data) - keys)}")


def _cases(file: str, group: Mapping[str, Any], entry: Mapping[str, Any]) -> Iterator[Case]:
    _known(entry, _OF_A_CASE, f"{file}: {entry['case']}")
    for row in _rows(entry.get("rows")):
        yield _case(file, group, entry, row)


def _case(
    file: str, group: Mapping[str, Any], entry: Mapping[str, Any], row: Mapping[str, str]
) -> Case:
    def filled(text: Any) -> str:
        for name, value in row.items():
            text = str(text).replace(f"{{{name}}}", value)
        return str(text)

    codes, kinds = entry.get("codes"), entry.get("kinds")
    region = entry.get("region", group.get("region"))
    before = group.get("before", "") if codes is None else ""
    sources = _sources(group, entry.get("policy"))
    return Case(
        file=file,
        name=filled(entry["case"]),
        row=", ".join([*row.values()][: max(1, len(row) - 1)]),
        shows=tuple(entry["shows"]),
        policy=tuple((name, filled(text)) for name, text in sources.items()),
        start=filled(entry.get("start", group.get("start", START))),
        script=filled(f"{before}\n{entry.get('script', '')}"),
        region=None if region is None else filled(region),
        kinds=None if kinds is None else frozenset(kinds),
        codes=None if codes is None else tuple(str(filled(codes)).split()),
    )


def _sources(group: Mapping[str, Any], more: str | None) -> dict[str, str]:
    """The files of the policy, by name."""
    files = {"policy.yaml": group["policy"]} if "policy" in group else {}
    files |= group.get("files", {})
    own = [name for name in files if "/" not in name]
    if more is not None:
        own.append("more.yaml" if own else "policy.yaml")
        files[own[-1]] = more
    if not any(re.search(r"(?m)^policy:", files[name]) for name in own):
        files[own[0]] = f"policy: conformance\n{files[own[0]]}"
    return files


def _rows(table: str | None) -> list[Mapping[str, str]]:
    """The rows of a table; one without columns where there is no table."""
    if table is None:
        return [{}]
    head, *rows = (_cells(line) for line in table.splitlines() if line.strip())
    for row in rows:
        if len(row) != len(head):
            raise NotationError(f"a row has {len(row)} cells, not {len(head)}: {row}")
    return [dict(zip(head, row, strict=True)) for row in rows]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?:^|(?<=\s))\|(?=\s|$)", line)]


# ------------------------------------------------------------------------------- times


def instant(text: str) -> int:
    """Microseconds since 1970 of a time with its offset."""
    moment = datetime.fromisoformat(text)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def written(at: int) -> str:
    """An instant as events say it."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)).isoformat()


def _time(text: str, start: int, before: int) -> int | None:
    """The instant that a word says, or nothing if it says none."""
    if _MOMENT.fullmatch(text):
        return instant(text)
    if not _OFFSET.fullmatch(text):
        return None
    steps = sum(_signed(*found.groups()) for found in _STEP.finditer(text))
    return steps + (start if text.startswith("T") else before)


def _signed(sign: str, number: str, unit: str) -> int:
    return int(f"{sign}1") * int(number) * _MICROS[unit]


# ------------------------------------------------------------------------------ scripts


def read_script(case: Case) -> Script:
    """What the lines of a case say."""
    reader = _Reader(instant(case.start))
    for line in case.script.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            reader.read(line.strip())
    reader.script.end = reader.last
    return reader.script


class _Reader:
    """Reads the lines of a script, each knowing the one before."""

    def __init__(self, start: int) -> None:
        self.script = Script()
        self._start = start
        self._now = start
        self.last = 0
        self._events: list[str] = []
        self._count = 0

    def read(self, line: str) -> None:
        words = _TOKEN.findall(line)
        at = _time(words[0], self._start, self._now)
        if at is not None:
            self._now, words = at, words[1:]
        read = _SIGNS.get(words[0], _Reader._event) if words else _Reader._pass
        read(self, words, line)
        self.last = max(self.last, self._now)

    def _pass(self, words: list[str], line: str) -> None:
        del words, line
        self.script.lines.append(Passing(self._now))

    def _decision(self, words: list[str], line: str) -> None:
        if words[1:] != ["nothing"]:
            plain, facts = self._split(words[1:])
            label = facts.pop("label", None)
            self.script.wanted.append(Wanted(self._now, tuple(plain), facts, line, label))

    def _state(self, words: list[str], line: str) -> None:
        plain, facts = self._split(words[1:])
        self.script.lines.append(Standing(self._now, tuple(plain), facts, line))

    def _refusal(self, words: list[str], line: str) -> None:
        if len(words) != 2 or not self._events:
            raise NotationError(line)
        self.script.refused += [(event, words[1]) for event in self._events]

    def _split(self, words: list[str]) -> tuple[list[str], dict[str, Any]]:
        """Plain words, and those that name something."""
        named = [(word, _NAMED.fullmatch(word)) for word in words]
        facts = {
            found["name"]: self._value(found["value"], found["name"]) for _, found in named if found
        }
        return [word for word, found in named if not found], facts

    def _value(self, text: str, name: str = "") -> Any:
        """The value behind a sign of equality."""
        at = _time(text, self._start, self._now) if _is_time(text, name) else None
        if at is not None:
            return written(at)
        if text.startswith("["):
            return [json.loads(one) if one[:1] == '"' else one for one in _ITEM.findall(text[1:-1])]
        if _NUMBER.fullmatch(text):
            return _Number(text)
        if repeated := _REPEATED.fullmatch(text):
            return str(json.loads(repeated[1]) * int(repeated[2]))
        words = {"true": True, "false": False, "null": None}
        if text in words:
            return words[text]
        return json.loads(text) if text.startswith('"') else text

    def _event(self, words: list[str], line: str) -> None:
        times, every = 1, 0
        if "times" in words:
            cut = words.index("times")
            times, every = _repeated(words[cut:], line)
            words = words[:cut]
        plain, facts = self._split(words)
        self._events = []
        for number in range(1, times + 1):
            self._now += every if number > 1 else 0
            self._add(plain, facts, number, last=number == times)

    def _add(self, plain: list[str], facts: Mapping[str, Any], number: int, *, last: bool) -> None:
        self._count += 1
        type_, *ids = plain
        fields = dict(facts)
        if ids:
            fields[_key(type_)] = json.loads(ids[0]) if ids[0][:1] == '"' else ids[0]
        if len(ids) > 1:
            raise NotationError(f"a second word behind {type_}: {ids[1]}")
        said = {
            "event_id": f"e{self._count:05}",
            "type": type_,
            "occurred_at": written(self._now),
            "shop_id": "s1",
            **{_LINKS.get(name, name): value for name, value in fields.items()},
        }
        event = _json(said).replace("{n}", str(number))
        self._events.append(json.loads(event)["event_id"])
        self.script.lines.append(Happening(self._events[-1], self._now, event, last))


_SIGNS = {
    "->": _Reader._decision,
    "==": _Reader._state,
    "!!": _Reader._refusal,
    "pass": _Reader._pass,
}


def _is_time(text: str, name: str) -> bool:
    """Whether a value may be a time: it begins with a date or `T`, or is an end such as `+7d`."""
    return text[:1] == "T" or bool(_MOMENT.fullmatch(text)) or name in {"until", "from", "to"}


def _repeated(words: list[str], line: str) -> tuple[int, int]:
    match words:
        case ["times", number]:
            return int(number), 0
        case ["times", number, "every", length]:
            return int(number), sum(_signed(*s.groups()) for s in _STEP.finditer(f"+{length}"))
    raise NotationError(line)


def _key(type_: str) -> str:
    """The field that the first word behind a type sets."""
    kind = type_.partition(".")[0]
    key = _KEYS.get(type_, _KEYS.get(kind, f"{kind}_id"))
    if key is None:
        raise NotationError(f"{type_} takes no id")
    return key


class _Number(str):
    """A number as it is written, which JSON takes over digit by digit."""

    __slots__ = ()


def _json(data: Mapping[str, Any]) -> str:
    pairs = (f"{json.dumps(name)}: {_shown(value)}" for name, value in data.items())
    return "{" + ", ".join(pairs) + "}"


def _shown(value: Any) -> str:
    return str(value) if isinstance(value, _Number) else json.dumps(value, ensure_ascii=False)
