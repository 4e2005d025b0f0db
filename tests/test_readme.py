"""The README's slip of the pen is what revlex says."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from revlex.cli import main

README = Path(__file__).parents[1].joinpath("README.md").read_text(encoding="utf-8")


def test_the_slip_of_the_pen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    CliRunner().invoke(main, ["init", "my-policy"])
    policy = tmp_path / "my-policy" / "policy.yaml"
    text = policy.read_text(encoding="utf-8").replace("review.stars <= 2", "review.star <= 2")
    policy.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["check", "my-policy"])
    message = README.partition("```text\nerror")[2].partition("```")[0]
    assert result.exit_code == 1
    assert "error" + message.rstrip() in result.output
    assert "1 error in 1 file" in result.output
