"""Files that are handed in are kept beside the ledger, and verify knows whether they still are."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from revlex.cli import main
from revlex.engine.ledger.evidence import FOLDER_VARIABLE, MOST_BYTES, Attachment, EvidenceStore
from revlex.engine.ledger.handed_in import MOST_FILES
from revlex.engine.ledger.ledger import Ledger
from revlex.engine.ledger.opening import address_of, connect_to
from revlex.engine.ledger.problems import LedgerProblem
from revlex.engine.ledger.reading import LedgerReader
from revlex.engine.ledger.tables import attachments
from sqlalchemy import delete, insert, update

POLICY = """
policy: evidence
violations:
  spam: {points: 2}
appeals:
  - appeal: violation
    attempts: [within 30d of notice, within 15d of rejection]
    evidence: {system-bug: [screenshot], else: [statement]}
"""
EVENT = {
    "event_id": "1",
    "type": "violation.recorded",
    "shop_id": "s1",
    "occurred_at": "2025-07-01T10:00:00Z",
    "violation_id": "v1",
    "violation": "spam",
}
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + bytes(17)
DIGEST = hashlib.sha256(PICTURE).hexdigest()


def revlex(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.fixture
def name(new_ledger: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A ledger with one violation, in a folder with a picture; evidence goes to `kept`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(FOLDER_VARIABLE, "kept")
    Path("policy").mkdir()
    Path("policy/policy.yaml").write_text(POLICY, encoding="utf-8")
    Path("events.jsonl").write_text(json.dumps(EVENT), encoding="utf-8")
    Path("1.png").write_bytes(PICTURE)
    name = new_ledger()
    done = revlex("run", "policy", "--events", "events.jsonl", "--ledger", name)
    assert done.exit_code == 0, done.output
    return name


@pytest.fixture
def store(name: str) -> Path:
    """The folder in which the ledger keeps files."""
    return Path("kept") if "://" in name else Path(f"{name}.evidence")


def opened(name: str) -> str:
    with LedgerReader(name) as reader:
        return reader.all_appeals()[0].decision_ids[0]


def file(name: str, *more: str) -> Result:
    """File an appeal with the picture, and something more."""
    at = ["--id", "a1", "--at", "2025-07-02T10:00:00Z", "--reason-code", "system-bug"]
    return revlex("appeal", "file", name, opened(name), *at, *more)


def evidence(name: str, *more: str, hour: int = 11) -> Result:
    return revlex("appeal", "evidence", name, "a1", "--at", f"2025-07-02T{hour}:00:00Z", *more)


def findings(name: str) -> list[str]:
    done = revlex("verify", name, "--format", "json")
    return [one["what"] for one in json.loads(done.output)]


def test_a_picture_is_kept_and_given_back(name: str, store: Path) -> None:
    assert file(name, "--attach", "screenshot:1.png").exit_code == 0
    assert (store / DIGEST[:2] / DIGEST).read_bytes() == PICTURE
    shown = revlex("appeal", "show", name, "a1").output
    assert f"evidence: screenshot:sha256-{DIGEST} (image/png, {len(PICTURE)} bytes)" in shown
    for given, out in ((DIGEST, "a.png"), (f"sha256-{DIGEST}", "b.png")):
        assert revlex("appeal", "attachment", name, given, "--out", out).exit_code == 0
        assert Path(out).read_bytes() == PICTURE
    again = revlex("appeal", "attachment", name, DIGEST, "--out", "a.png")
    assert (again.exit_code, "a.png is there already" in again.output) == (2, True)
    assert revlex("appeal", "attachment", name, DIGEST, "--out", "-").stdout_bytes == PICTURE
    unknown = revlex("appeal", "attachment", name, "sha256-00", "--out", "c.png")
    assert (unknown.exit_code, "has no attachment `sha256-00`" in unknown.output) == (2, True)
    assert findings(name) == []
    assert {one.stat().st_mode & 0o077 for one in store.glob("*/*")} == {0}


def test_the_same_file_twice(name: str, store: Path) -> None:
    given = ["--attach", "screenshot:1.png"]
    first = file(name, *given).output
    assert "under_review" in first
    assert file(name, *given).exit_code == 0
    done = evidence(name, "--attach", "photo:1.png", "--evidence", f"film:sha256-{DIGEST}")
    assert done.exit_code == 0, done.output
    assert len(list(store.glob("*/*"))) == 1
    assert findings(name) == []


def test_only_looking_keeps_nothing(name: str, store: Path) -> None:
    done = file(name, "--attach", "screenshot:1.png", "--dry-run")
    assert f"{DIGEST}" not in "".join(str(one) for one in store.glob("*/*"))
    assert (done.exit_code, "under_review" in done.output) == (0, True)


def test_what_is_refused_keeps_nothing(name: str, store: Path) -> None:
    done = evidence(name, "--attach", "photo:1.png")
    assert (done.exit_code, "no appeal `a1`" in done.output) == (2, True)
    assert not store.exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda path: path.unlink(), "is missing"),
        (lambda path: path.write_bytes(PICTURE + b"."), "was changed"),
        (lambda path: (path.unlink(), path.mkdir()), "cannot be read"),
    ],
)
def test_a_file_that_is_not_what_it_was(
    name: str, store: Path, change: Callable[[Path], object], says: str
) -> None:
    file(name, "--attach", "screenshot:1.png")
    change(store / DIGEST[:2] / DIGEST)
    assert findings(name) == [f"the file sha256-{DIGEST} {says}"]
    done = revlex("appeal", "attachment", name, DIGEST, "--out", "out.png")
    assert (done.exit_code, says in done.output, Path("out.png").exists()) == (2, True, False)


def test_rows_that_were_changed_by_hand(name: str) -> None:
    file(name, "--attach", "screenshot:1.png")
    row = {"digest": "0" * 64, "type": "text/plain", "size": 1}
    for change, says in (
        (update(attachments).values(size=1), f"the file sha256-{DIGEST} is not of the type"),
        (update(attachments).values(size=len(PICTURE), type="text/plain"), "is not of the type"),
        (delete(attachments), f"nothing is noted of the file sha256-{DIGEST}"),
        (insert(attachments).values(row), f"no appeal names the file sha256-{'0' * 64}"),
    ):
        engine = connect_to(address_of(name)).execution_options(writes=True)
        with engine.begin() as connection:
            connection.execute(change)
        engine.dispose()
        assert says in findings(name)[0]


def test_files_that_are_not_taken(name: str, store: Path) -> None:
    Path("large.txt").write_bytes(b"a" * (MOST_BYTES + 1))
    Path("empty.txt").touch()
    Path("folder").mkdir()
    Path("program").write_bytes(b"\x7fELF")
    os.mkfifo("pipe")
    for given, says in (
        ("photo:large.txt", f"more than {MOST_BYTES:,} bytes"),
        ("photo:empty.txt", "empty.txt is empty"),
        ("photo:folder", "folder is no file"),
        ("photo:pipe", "pipe is no file"),
        ("photo:program", "is of no kind that is taken"),
        ("photo:nowhere.png", "no such file"),
        ("photo", "`photo` says no kind and file"),
        (":1.png", "`:1.png` says no kind and file"),
        (" :1.png", "has no kind"),
        ("screenshots:1.png", "did you mean `screenshot`?"),
    ):
        done = file(name, "--attach", given)
        assert (done.exit_code, says in done.output) == (2, True), done.output
    assert not store.exists()
    assert evidence(name).exit_code == 2


def test_so_many_files_and_no_more(name: str) -> None:
    given = []
    for number in range(MOST_FILES + 1):
        Path(f"{number}.txt").write_text(str(number), encoding="utf-8")
        given += ["--attach", f"photo:{number}.txt"]
    says = f"an appeal takes {MOST_FILES} files, not {MOST_FILES + 1}"
    assert says in file(name, *given).output
    assert file(name, "--evidence", "screenshot", *given[:-2]).exit_code == 0
    assert says in evidence(name, *given[-2:]).output
    assert evidence(name, *given[:2]).exit_code == 0


def test_a_digest_that_nobody_handed_in(name: str) -> None:
    done = file(name, "--evidence", f"screenshot:sha256-{DIGEST}")
    assert (done.exit_code, "has no attachment" in done.output) == (2, True)


def test_what_was_kept_before_the_ledger_could_not_be_written_to(
    name: str, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise LedgerProblem("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "write", full)
        assert file(name, "--attach", "screenshot:1.png").exit_code == 2
    assert (store / DIGEST[:2] / DIGEST).exists()
    assert findings(name) == []
    assert file(name, "--attach", "screenshot:1.png").exit_code == 0
    assert findings(name) == []


def test_a_full_disk_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    store = EvidenceStore(tmp_path / "kept")
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            store.keep(Attachment(DIGEST, "image/png", len(PICTURE)), PICTURE)
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []
    store.keep(Attachment(DIGEST, "image/png", len(PICTURE)), PICTURE)
    assert store.content(DIGEST) == PICTURE


def test_on_a_server_it_has_to_be_said_where(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if "://" not in name:
        given = ["--evidence-dir", str(tmp_path / "elsewhere")]
        assert file(name, "--attach", "screenshot:1.png", *given).exit_code == 0
        assert revlex("verify", name, *given).exit_code == 0
        assert findings(name) == [f"the file sha256-{DIGEST} is missing"]
        return
    assert file(name, "--attach", "screenshot:1.png").exit_code == 0
    monkeypatch.delenv(FOLDER_VARIABLE)
    for done in (evidence(name, "--attach", "photo:1.png"), revlex("verify", name)):
        assert done.exit_code == 2
        assert f"add `--evidence-dir FOLDER`, or set {FOLDER_VARIABLE}" in done.output
    assert revlex("verify", name, "--evidence-dir", "kept").exit_code == 0
