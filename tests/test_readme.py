"""The README's thirty seconds are what revlex does and says."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from revlex.cli import main

README = Path(__file__).parents[1].joinpath("README.md").read_text(encoding="utf-8")
COMMAND = re.compile(
    r"^\$ revlex (?P<arguments>.*)\n(?P<output>(?:(?!\$ |```).*\n)*)", re.MULTILINE
)


DIGEST = re.compile(r"\((?:[0-9a-f]{12})\)")


def squeezed(text: str) -> list[str]:
    """The words of each line, without the digest, which every change of the catalog changes."""
    lines = DIGEST.sub("(digest)", text).splitlines()
    return [" ".join(line.split()) for line in lines if line.strip()]


def arguments(line: str) -> list[str]:
    """The arguments of a command; a decision's id depends on the digest, and is looked up."""
    words = line.split()
    if words[0] == "explain":
        first = Path("results", "decisions.jsonl").read_text(encoding="utf-8").splitlines()[0]
        words[2] = json.loads(first)["decision_id"][: len(words[2])]
    return words


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    events = README.partition("$ cat events.jsonl\n")[2].partition("$ revlex")[0]
    (tmp_path / "events.jsonl").write_text(events, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_console_blocks(folder: Path) -> None:
    seconds = README.partition("## Thirty seconds")[2].partition("## Install")[0]
    shown = list(COMMAND.finditer(seconds))
    assert [one["arguments"].split()[0] for one in shown] == ["init", "check", "run", "explain"]
    for one in shown:
        result = CliRunner().invoke(main, arguments(one["arguments"]))
        assert result.exit_code == 0, result.output
        if one["output"].strip() and "cat events" not in one["output"]:
            assert squeezed(result.output) == squeezed(one["output"])
    assert (folder / "results" / "summary.json").is_file()


def test_the_slip_of_the_pen(folder: Path) -> None:
    CliRunner().invoke(main, ["init", "my-policy"])
    policy = folder / "my-policy" / "policy.yaml"
    text = policy.read_text(encoding="utf-8").replace("review.stars <= 2", "review.star <= 2")
    policy.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["check", "my-policy"])
    message = README.partition("```text\nerror")[2].partition("```")[0]
    assert result.exit_code == 1
    assert "error" + message.rstrip() in result.output
    assert "1 error in 1 file" in result.output
