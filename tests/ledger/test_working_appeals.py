"""Appeals worked at the command line from their filing to what they undo, over weeks."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from revlex.cli import main
from revlex.engine.authoring.appeal_steps import Manner, take_step
from revlex.engine.ledger.casework import Casework
from revlex.engine.ledger.ledger import Ledger
from revlex.engine.ledger.opening import address_of, connect_to
from revlex.engine.ledger.problems import LedgerProblem
from revlex.engine.ledger.reading import LedgerReader
from revlex.engine.ledger.tables import appeals, entries, events
from sqlalchemy import delete, select

POLICY = """
policy: working
timezone: Asia/Bangkok
measures:
  rate: {per: shop, value: share(review.stars <= 2 of review), over: 30d, at_least: 2}
thresholds:
  - threshold: rate
    measure: rate
    check: daily
    bands: {good: below 50%, bad: from 50%}
    on_enter: {bad: {violation: bad-rate}}
    because: "{value} of the reviews"
violations:
  bad-rate: {points: 4}
  spam: {points: 2}
  fraud: {points: 8}
  abuse: {points: 1, do: [blocked for 30d]}
actions:
  close_shop: {scope: shop}
  blocked: {scope: shop}
escalations:
  - {ladder: points, per: shop, because: too many points,
     steps: [{at: 10, do: [close_shop for 28d]}]}
appeals:
  - appeal: violation
    because: appeals are blocked for this shop
    attempts: [within 30d of notice, within 15d of rejection]
    evidence: {system-bug: [screenshot], else: [statement]}
    late_evidence: 2d
    require: not in_force("blocked")
    open_at_once: 1
    longest_statement: 40
    while_pending: suspend
    decide_within: 3 business days
    if_lapsed: LAPSED
    recompute: RECOMPUTE
"""


def found(day: int, violation: str, **more: Any) -> dict[str, Any]:
    """Somebody finds a violation at ten o'clock on a day of June."""
    name = f"{violation}-{day}"
    at = f"2025-06-{day:02}T10:00:00+07:00"
    said = {"type": "violation.recorded", "violation_id": name, "violation": violation}
    return {"event_id": name, "shop_id": "s1", "occurred_at": at, **said, **more}


def reviewed(day: int, name: str, stars: int) -> dict[str, Any]:
    at = f"2025-06-{day:02}T09:00:00+07:00"
    said = {"type": "review.posted", "review_id": name, "stars": stars}
    return {"event_id": name, "shop_id": "s1", "occurred_at": at, **said}


class Office:
    """People who work the appeals of a ledger; times are of June 2025 in Bangkok."""

    def __init__(self, name: str) -> None:
        self.name = name

    def run(self, *events: dict[str, Any], lapsed: str = "escalate", how: str = "from now") -> None:
        """Begin the ledger with some events."""
        text = POLICY.replace("LAPSED", lapsed).replace("RECOMPUTE", how)
        Path("policy").mkdir()
        Path("policy/policy.yaml").write_text(text, encoding="utf-8")
        lines = "".join(json.dumps(event) + "\n" for event in events)
        Path("events.jsonl").write_text(lines, encoding="utf-8")
        self.does("run", "policy", "--events", "events.jsonl", "--ledger", self.name)

    def tries(self, *words: str) -> Result:
        done = CliRunner().invoke(main, list(words))
        assert "Traceback" not in done.output
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    def does(self, *words: str, status: int = 0) -> str:
        done = self.tries(*words)
        assert done.exit_code == status, done.output
        return done.output

    def step(self, step: str, day: str, *words: str, status: int = 0) -> str:
        """A step on a day and hour such as `03T10`."""
        at = f"2025-06-{day}:00:00+07:00"
        return self.does("appeal", step, self.name, *words, "--at", at, status=status)

    def file(self, day: str, rule: str, *words: str, status: int = 0) -> str:
        return self.step("file", day, self.decision(rule), *words, status=status)

    def decide(self, day: str, outcome: str, by: str, *words: str, status: int = 0) -> str:
        ruling = ["a1", "--outcome", outcome, "--by", by, "--reason", "I have looked"]
        return self.step("decide", day, *ruling, *words, status=status)

    def decision(self, rule: str) -> str:
        """The last violation of a rule."""
        with LedgerReader(self.name) as reader, closing(reader.entries("s1")) as rows:
            return [row.decision_id for row in rows if (row.kind, row.rule) == ("violation", rule)][
                -1
            ]

    def appeal(self, name: str = "a1") -> Any:
        return json.loads(self.does("appeal", "show", self.name, name, "--format", "json"))

    def state(self, name: str = "a1") -> str:
        return str(self.appeal(name)["state"])

    def kinds(self) -> list[str]:
        with LedgerReader(self.name) as reader, closing(reader.entries("s1")) as rows:
            return [row.kind for row in rows]

    def points(self) -> int:
        """The balance after the last change of it."""
        with LedgerReader(self.name) as reader, closing(reader.entries("s1")) as rows:
            bodies = [json.loads(row.body) for row in rows]
        changes = [one for body in bodies for one in body["outcome"].get("points", ())]
        return int(changes[-1]["after"])

    def holds(self) -> None:
        assert self.does("verify", self.name).endswith("everything holds\n")


@pytest.fixture
def office(
    new_ledger: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Office:
    monkeypatch.chdir(tmp_path)
    return Office(new_ledger())


STATEMENT = ("--id", "a1", "--evidence", "statement")

# ---------------------------------------------------------------------- what success brings


def test_part_of_the_points_is_left(office: Office) -> None:
    office.run(found(2, "fraud"), found(3, "spam"))
    assert (office.points(), office.kinds()[-2:]) == (10, ["step", "action"])
    office.file("04T10", "fraud", *STATEMENT)
    for points in ("0", "8", "-1", str(10**30)):
        refused = office.decide("05T10", "partly_overturned", "ann", "--points", points, status=2)
        assert "`points` has to be" in refused
    assert "say how many points" in office.decide("05T10", "partly_overturned", "ann", status=2)
    done = office.decide("05T10", "partly_overturned", "ann", "--points", "3")
    assert "a1: partly_overturned" in done
    assert "undo the step" in done
    assert office.points() == 5
    assert office.kinds().count("reversal") == 3
    office.holds()


@pytest.mark.parametrize("how", ["retroactive", "from now"])
def test_the_plan_is_what_is_written(office: Office, how: str) -> None:
    reviews = [reviewed(2, "r1", 1), reviewed(2, "r2", 1), reviewed(2, "r3", 5)]
    frauds = [found(4, "fraud", review_id="r1"), found(5, "spam"), reviewed(6, "r4", 5)]
    office.run(*reviews, *frauds, how=how)
    assert (office.points(), office.kinds().count("step")) == (14, 1)
    office.file("07T10", "fraud", *STATEMENT)
    before, ruling = office.kinds(), ("--review", "r2", "--format", "json")
    planned = json.loads(
        office.decide("08T10", "overturned", "ann", *ruling, "--dry-run").partition("\n")[2]
    )
    assert office.kinds() == before
    written = json.loads(office.decide("08T10", "overturned", "ann", *ruling))
    assert written == planned
    assert office.appeal() == written["appeal"]
    undone = {" ".join(one["what"].split()[:2]) for one in written["appeal"]["reversal_plan"]}
    assert {"the violation", "the step", "the action"} <= undone
    assert ("the threshold" in undone) == (how == "retroactive")
    assert office.points() == (2 if how == "retroactive" else 6)
    office.holds()


# ------------------------------------------------------------------------------- attempts


def test_the_second_attempt_has_another_reviewer(office: Office) -> None:
    office.run(found(2, "spam"))
    office.file("03T10", "spam", *STATEMENT)
    office.step("assign", "03T11", "a1", "--reviewer", "ann")
    office.decide("04T10", "upheld", "ann")
    assert (office.state(), office.appeal()["attempt"]) == ("open", 2)
    office.file("05T10", "spam", *STATEMENT)
    refused = office.step("assign", "05T11", "a1", "--reviewer", "ann", status=2)
    assert "the reviewer decided the attempt before" in refused
    refused = office.decide("05T12", "overturned", "ann", status=2)
    assert "who decided the attempt before cannot decide this one" in refused
    office.decide("06T10", "upheld", "ben")
    assert office.state() == "final"
    late = office.file("07T10", "spam", "--id", "a2", "--evidence", "statement", status=1)
    assert "no   attempts left: the appeal is final" in late
    office.holds()


def test_withdrawn_and_filed_again(office: Office) -> None:
    office.run(found(2, "spam"))
    office.file("03T10", "spam", *STATEMENT)
    office.step("withdraw", "04T10", "a1", "--note", "we have talked")
    assert office.appeal()["history"][-1]["note"] == "we have talked"
    assert "the appeal is withdrawn" in office.step("withdraw", "04T11", "a1", status=2)
    assert "this appeal is withdrawn: `seller` made it withdrawn" in office.file(
        "05T10", "spam", *STATEMENT, status=2
    )
    again = office.file("05T10", "spam", "--id", "a2", "--evidence", "statement", status=1)
    assert "no   attempts left: the appeal is withdrawn" in again
    office.holds()


# ------------------------------------------------------------------------------ deadlines


@pytest.mark.parametrize(
    ("lapsed", "ends"), [("escalate", "escalated"), ("overturn", "overturned")]
)
def test_nobody_decides_in_time(office: Office, lapsed: str, ends: str) -> None:
    office.run(found(2, "spam"), lapsed=lapsed)
    office.file("03T10", "spam", *STATEMENT)
    due = office.appeal()["due_at"]
    assert due == "2025-06-06T23:59:59.999999+07:00"
    office.does("advance", office.name, "--to", "2025-06-06T23:59:59.999999+07:00")
    assert office.state() == "under_review"
    office.does("advance", office.name, "--to", "2025-06-07T00:00:00+07:00")
    assert office.state() == ends
    if ends == "escalated":
        office.decide("09T10", "overturned", "zoe")
    assert office.points() == 0
    office.holds()


def test_the_time_stands_still_over_a_weekend(office: Office) -> None:
    office.run(found(4, "spam"))
    office.file("05T10", "spam", *STATEMENT)
    assert office.appeal()["due_at"] == "2025-06-10T23:59:59.999999+07:00"
    office.step("request-evidence", "06T10", "a1", "--by", "ann", "--wanted", "photo")
    office.step("request-evidence", "07T10", "a1", "--by", "ann", "--wanted", "film")
    office.does("advance", office.name, "--to", "2025-06-13T10:00:00+07:00")
    assert (office.state(), office.appeal()["evidence_wanted"]) == ("evidence_requested", ["film"])
    office.step("evidence", "16T10", "a1", "--evidence", "film:1.mp4")
    assert office.appeal()["due_at"] == "2025-06-20T23:59:59.999999+07:00"
    office.does("advance", office.name, "--to", "2025-06-21T00:00:00+07:00")
    assert office.state() == "escalated"
    office.holds()


def test_evidence_that_follows(office: Office) -> None:
    office.run(found(2, "spam"))
    filed = office.file("03T10", "spam", "--id", "a1", "--reason-code", "system-bug")
    assert "a1: filed" in filed
    assert "no   evidence: missing: screenshot" in filed
    assert "a1  filed" in office.does("appeal", "list", office.name)
    assert office.appeal()["evidence_until"] == "2025-06-05T10:00:00+07:00"
    office.step("evidence", "05T10", "a1", "--evidence", "screenshot")
    assert office.state() == "under_review"
    office.holds()


def test_evidence_that_does_not_follow(office: Office) -> None:
    office.run(found(2, "spam"))
    office.file("03T10", "spam", "--id", "a1", "--reason-code", "system-bug")
    office.does("advance", office.name, "--to", "2025-06-05T10:00:01+07:00")
    assert office.state() == "open"
    assert [one["state"] for one in office.appeal()["history"]][-2:] == ["inadmissible", "open"]
    nobody = office.step("evidence", "06T10", "a1", "--evidence", "screenshot", status=2)
    assert "the appeal is open" in nobody
    asked = ["a1", "--by", "ann", "--wanted", "screenshot"]
    office.step("request-evidence", "07T10", *asked)
    office.step("evidence", "08T10", "a1", "--evidence", "screenshot")
    assert office.state() == "under_review"
    office.holds()


def test_a_request_does_not_pass_by_how_many_may_be_open(office: Office) -> None:
    office.run(found(2, "spam"), found(3, "fraud"))
    office.file("03T11", "spam", "--id", "a1", "--reason-code", "system-bug")
    office.does("advance", office.name, "--to", "2025-06-05T12:00:00+07:00")
    office.file("06T10", "fraud", "--id", "a2", "--evidence", "statement")
    asked = ["a1", "--by", "ann", "--wanted", "screenshot"]
    crowded = office.step("request-evidence", "07T10", *asked, status=2)
    assert "1 being decided already, at most 1" in crowded
    assert office.state() == "open"


# ---------------------------------------------------------------------- what is inadmissible


@pytest.mark.parametrize(
    ("day", "words", "check", "says"),
    [
        ("04T10", ["--appellant", "buyer"], "standing", "only the seller may appeal"),
        ("30T10", [], "attempts left", "the appeal is open"),
        ("04T10", ["--statement", "x" * 41], "statement", "41 characters, at most 40"),
    ],
)
def test_why_a_filing_is_refused(
    office: Office, day: str, words: list[str], check: str, says: str
) -> None:
    office.run(found(2, "spam"))
    if check == "attempts left":
        office.does("advance", office.name, "--to", "2025-07-05T00:00:00+07:00")
        late = ["appeal", "file", office.name, office.decision("spam"), *STATEMENT]
        refused = office.does(*late, "--at", "2025-07-06T10:00:00+07:00", status=1)
        assert "no   attempts left: the appeal is expired" in refused
        assert "no   in time: filed 2025-07-06T10:00:00+07:00, due 2025-07-02" in refused
    else:
        refused = office.file(day, "spam", *STATEMENT, *words, status=1)
        assert f"no   {check}: " in refused
        assert says in refused
    assert "+ appeal" in refused
    office.holds()


def test_one_at_a_time_and_none_while_blocked(office: Office) -> None:
    office.run(found(2, "spam"), found(3, "fraud"), found(9, "abuse"))
    office.file("09T11", "spam", *STATEMENT, status=1)
    blocked = office.does("appeal", "show", office.name, "a1")
    assert "no   allowed: appeals are blocked for this shop" in blocked
    explained = json.loads(
        office.does("explain", office.name, last_appeal(office), "--format", "json")
    )
    assert "blocked" in json.dumps(explained["evidence"]["explanation"])


def last_appeal(office: Office) -> str:
    with LedgerReader(office.name) as reader, closing(reader.entries("s1")) as rows:
        return [row.decision_id for row in rows if row.kind == "appeal"][-1]


def test_two_at_a_time(office: Office) -> None:
    office.run(found(2, "spam"), found(3, "fraud"))
    office.file("04T10", "spam", *STATEMENT)
    refused = office.file("04T11", "fraud", "--id", "a2", "--evidence", "statement", status=1)
    assert "no   open at once: 1 being decided already, at most 1" in refused
    office.decide("05T10", "overturned", "ann")
    office.file("05T11", "fraud", "--id", "a3", "--evidence", "statement")
    assert office.state("a3") == "under_review"
    office.holds()


# -------------------------------------------------------------------------- several reviewers


def test_who_comes_second_is_told_who_was_first(office: Office) -> None:
    office.run(found(2, "spam"))
    office.file("03T10", "spam", *STATEMENT)
    version = str(len(office.appeal()["history"]))
    office.decide("04T10", "overturned", "ann", "--if-version", version)
    second = office.decide("04T11", "upheld", "ben", status=2)
    assert "the appeal is overturned: `ann` made it overturned at 2025-06-04T10:00" in second
    for condition in (("--if-version", version), ("--if-state", "under_review")):
        second = office.decide("04T11", "upheld", "ben", *condition, status=2)
        assert "the appeal has changed: `ann` made it overturned" in second
    again = office.decide("04T10", "overturned", "ann", "--if-version", version)
    assert "a1: overturned" in again
    assert office.kinds().count("reversal") == 1


def test_two_reviewers_at_the_same_moment(office: Office) -> None:
    office.run(found(2, "spam"))
    office.file("03T10", "spam", *STATEMENT)
    results: dict[str, str] = {}

    def decides(by: str) -> None:
        ruling = {"outcome": "upheld" if by == "ann" else "overturned", "decided_by": by}
        step = {"type": "appeal.decided", "appeal_id": "a1", "reason": "seen", **ruling}
        manner = Manner("2025-06-04T10:00:00+07:00", now=False, dry_run=False, if_version=3)
        try:
            take_step(office.name, "s1", step, manner)
            results[by] = "done"
        except LedgerProblem as problem:
            results[by] = problem.message

    threads = [threading.Thread(target=decides, args=(by,)) for by in ("ann", "ben")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one == "done" for one in results.values()) == [False, True]
    (lost,) = (one for one in results.values() if one != "done")
    assert "the appeal has changed" in lost
    office.holds()


def test_several_shops_call_an_appeal_the_same(office: Office) -> None:
    office.run(found(2, "spam"), {**found(2, "spam"), "shop_id": "s2", "event_id": "other"})
    with LedgerReader(office.name) as reader:
        opened = {one.shop: one.decision_ids[0] for one in reader.all_appeals()}
    for shop in ("s1", "s2"):
        office.step("file", "03T10", opened[shop], *STATEMENT)
    unclear = office.step("withdraw", "04T10", "a1", status=2)
    assert "several shops have an appeal `a1`" in unclear
    assert "add `--shop` with one of s1, s2" in unclear
    office.step("withdraw", "04T10", "a1", "--shop", "s2")
    states = {
        shop: json.loads(
            office.does("appeal", "show", office.name, "a1", "--shop", shop, "--format", "json")
        )["state"]
        for shop in ("s1", "s2")
    }
    assert states == {"s1": "under_review", "s2": "withdrawn"}


# ------------------------------------------------------------------------------- the absurd


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--id", "a\x1b[2J"], "`appeal_id` has to be 1 to 256 characters"),
        (["--id", "x" * 257], "`appeal_id` has to be 1 to 256 characters"),
        (["--statement", "x" * 100_001], "`statement` has more than 100,000 characters"),
        (["--evidence", ""], "a piece of evidence has no kind"),
        (["--evidence", ":there"], "a piece of evidence has no kind"),
        (["--evidence", "statment"], "did you mean `statement`?"),
        (["--review", ""], "`review_ids` has to be 1 to 256 characters"),
        (["--reason-code", "\udcff"], "is not UTF-8"),
    ],
)
def test_absurd_filings(office: Office, words: list[str], says: str) -> None:
    office.run(found(2, "spam"))
    before = office.kinds()
    refused = office.file("03T10", "spam", *STATEMENT, *words, status=2)
    assert says in refused
    assert office.kinds() == before


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ({}, "a step is an event about an appeal"),
        ({"type": "appeal.withdrawn"}, "a step is an event about an appeal"),
        ({"type": "appeal.withdrawn", "appeal_id": 1}, "a step is an event about an appeal"),
        ({"type": "review.posted", "appeal_id": "a1"}, "a step is an event about an appeal"),
        ({"type": "appeal.won", "appeal_id": "a1"}, "there is no event `appeal.won`"),
        ({"type": "appeal.filed", "appeal_id": "a1", "evidence": "photo"}, "a list of texts"),
        ({"type": "appeal.filed", "appeal_id": "a1", "evidence": [1]}, "a list of texts"),
        ({"type": "appeal.filed", "appeal_id": "a1", "occurred_at": 7}, "`occurred_at` has to be"),
    ],
)
def test_absurd_steps(office: Office, step: dict[str, Any], says: str) -> None:
    office.run(found(2, "spam"))
    with Ledger(office.name) as ledger, LedgerReader(office.name) as reader:
        given = {"occurred_at": "2025-06-03T10:00:00+07:00", **step}
        with pytest.raises(LedgerProblem, match=re.escape(says)):
            Casework(ledger, reader).take("s1", given)
        with pytest.raises(LedgerProblem, match="knows no shop `s9`"):
            Casework(ledger, reader).take("s9", given)


def test_words_that_would_steer_a_terminal(office: Office) -> None:
    office.run(found(2, "spam"))
    steering = "\x1b[2J\u202eevil\x07"
    words = ["--statement", steering, "--evidence", f"photo:{steering}", "--reason-code", steering]
    office.file("03T10", "spam", *STATEMENT, *words)
    said = office.decide("04T10", "upheld", "ann\x1b[31m", status=2)
    assert "`decided_by` has to be a name without control characters" in said
    office.decide("04T10", "upheld", "ann")
    for shown in (
        office.does("appeal", "show", office.name, "a1"),
        office.does("appeal", "list", office.name, "--state", "all"),
    ):
        assert not {"\x1b", "\u202e", "\x07"} & set(shown)
    assert office.appeal()["statement"] == steering
    office.holds()


@pytest.mark.parametrize("by", ["", "  "])
def test_nobody_decides(office: Office, by: str) -> None:
    office.run(found(2, "spam"))
    office.file("03T10", "spam", *STATEMENT)
    assert "`decided_by` has to name somebody" in office.decide("04T10", "upheld", by, status=2)
    ruling = ["a1", "--outcome", "upheld", "--by", "ann", "--reason", " \t"]
    assert "a decision needs a reason" in office.step("decide", "04T10", *ruling, status=2)


# --------------------------------------------------------------------------------- the log


def test_a_step_that_the_log_has_forgotten_is_not_taken_twice(office: Office) -> None:
    office.run(found(2, "spam"))
    office.file("03T10", "spam", *STATEMENT)
    engine = connect_to(address_of(office.name)).execution_options(writes=True)
    with engine.begin() as connection:
        connection.execute(delete(events).where(events.c.event_id.startswith("step-")))
    engine.dispose()
    before = office.kinds()
    assert "a1: under_review" in office.file("03T10", "spam", *STATEMENT)
    assert office.kinds() == before


def test_which_appeals_are_listed(office: Office) -> None:
    office.run(found(2, "spam"), found(3, "fraud"), {**found(3, "spam"), "shop_id": "s2"})
    office.file("04T10", "spam", *STATEMENT)
    office.step("withdraw", "05T10", "a1")
    office.file("05T10", "fraud", "--id", "a2", "--evidence", "statement")
    for words, names in (
        ((), {"a2", "open"}),
        (("--state", "all"), {"a1", "a2", "open"}),
        (("--state", "withdrawn"), {"a1"}),
        (("--shop", "s1"), {"a2"}),
        (("--shop", "nobody"), set()),
    ):
        listed = json.loads(office.does("appeal", "list", office.name, *words, "--format", "json"))
        assert {
            one["state"] if one["shop"] == "s2" else one["appeal_id"] for one in listed
        } == names
    assert "2 of 3 appeals" in office.does("appeal", "list", office.name)
    unknown = office.does("appeal", "list", office.name, "--state", "decided", status=2)
    assert "'decided' is not one of" in unknown


def rows(name: str) -> list[list[tuple[Any, ...]]]:
    """The decisions and appeals of a ledger, every column and version."""
    engine = connect_to(address_of(name))
    with engine.connect() as connection:
        tables = [
            [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in (entries, appeals)
        ]
    engine.dispose()
    return tables


@pytest.mark.parametrize("how", ["retroactive", "from now"])
def test_the_log_replayed_is_the_same_ledger(
    office: Office, new_ledger: Callable[[], str], how: str
) -> None:
    office.run(reviewed(2, "r1", 1), found(2, "fraud", review_id="r1"), found(3, "spam"), how=how)
    office.file("04T10", "fraud", *STATEMENT)
    office.step("assign", "04T10", "a1", "--reviewer", "ann")
    office.step("request-evidence", "04T10", "a1", "--by", "ann", "--wanted", "photo")
    office.does("advance", office.name, "--to", "2025-06-05T00:00:00+07:00")
    office.step("evidence", "06T10", "a1", "--evidence", "photo")
    office.decide("07T10", "upheld", "ann")
    office.file("08T10", "fraud", *STATEMENT)
    office.decide("08T10", "overturned", "ben", "--error-class", "data_wrong")
    office.file("09T10", "spam", "--id", "a2", "--evidence", "statement")
    office.does("advance", office.name, "--to", "2025-08-01T00:00:00+07:00")
    with LedgerReader(office.name) as reader, closing(reader.events("s1")) as log:
        lines = [f"{row.body}\n" for row in log if row.event_id]
    Path("log.jsonl").write_text("".join(lines), encoding="utf-8")
    again = new_ledger()
    until = ["--until", "2025-08-01T00:00:00+07:00"]
    office.does("run", "policy", "--events", "log.jsonl", "--ledger", again, *until)
    assert rows(again) == rows(office.name)
    assert len(rows(again)[1]) > 10
    office.holds()
