"""A pack that was kept compiles to what it was, with all that it extends."""

from __future__ import annotations

from pathlib import Path

import pytest
from revlex.engine import compile_policy
from revlex.engine.language.written import written_pack

RULES = Path(__file__).parents[2] / "rules"
PACKS = sorted(file.parent for file in RULES.glob("*/*/policy.yaml"))


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: f"{pack.parent.name}/{pack.name}")
def test_a_pack_that_was_kept(pack: Path) -> None:
    program, _ = compile_policy(pack)
    again = written_pack(pack).compiled()
    assert program is not None
    assert again is not None
    assert again.digest == program.digest
    assert again.rules == program.rules
