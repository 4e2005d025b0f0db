"""Invariant 8: stopped at any moment and started again, a ledger is as if it never had been."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from revlex.tests.reference.everything import TERMS, Terms, end_of, policy, streams, written
from revlex.tests.reference.ledgers import content, findings, record
from revlex.tests.reference.runs import PATIENT
from sqlalchemy import Engine, event


class Stopped(BaseException):
    """Ends a run as a power cut does: nobody is asked whether that is all right."""


@contextmanager
def stopping(after: int) -> Iterator[None]:
    """Stop before so many statements more have gone to the database, or before a commit."""
    left = after

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Stopped

    hooks = [(Engine, "before_cursor_execute"), (Engine, "commit")]
    for target, name in hooks:
        event.listen(target, name, count)
    try:
        yield
    except Stopped:
        pass
    finally:
        for target, name in hooks:
            event.remove(target, name, count)


@settings(PATIENT, max_examples=12)
@given(data=st.data(), terms=st.sampled_from(TERMS))
def test_stopped_anywhere(data: st.DataObject, terms: Terms) -> None:
    """All tables are the same in the end, byte for byte, also where a run had ended already."""
    text, events = written(terms), data.draw(streams(policy(terms)))
    every, until = data.draw(st.sampled_from([2, 5, 11])), end_of(events)
    stops = data.draw(st.lists(st.integers(0, 120), max_size=4))
    with TemporaryDirectory() as folder:
        whole, stopped = str(Path(folder) / "whole.db"), str(Path(folder) / "stopped.db")
        record(text, events, whole, every=every, until=until)
        for after in stops:
            with stopping(after):
                record(text, events, stopped, every=every, until=until)
        record(text, events, stopped, every=every, until=until)
        assert findings(stopped) == []
        assert content(stopped) == content(whole)
