"""The table of commands says what the commands say of themselves."""

import click
import pytest
from click.testing import CliRunner
from revlex.cli import _COMMANDS, main


@pytest.mark.parametrize("name", _COMMANDS)
def test_a_command_is_what_the_table_says(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.name == name
    assert command.get_short_help_str(300) == _COMMANDS[name][1]
    assert "\b\n    revlex " in (command.help or "")  # examples


def test_a_command_that_is_interrupted_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("revlex.engine.authoring.commands.schema.schema_of", interrupted)
    done = CliRunner().invoke(main, ["schema", "policy"])
    assert done.exit_code == 130
    assert done.output == "revlex: stopped\n"
