"""The command line: it finds a command and says what went wrong.

It decides nothing. Exit codes: 0 fine, 1 findings (errors in a policy, failed cases, quarantined
events under `--strict`), 2 the command line itself was wrong, 3 only warnings under `--strict`,
130 stopped from the keyboard.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

import click

from .engine.authoring.commands.saying import VERSION, Exit, fail
from .engine.language.diagnostics import did_you_mean
from .engine.language.problems import Problem

_COMMANDS: Final = MappingProxyType(
    {
        "init": ("init", "Write a small, commented policy with its examples into FOLDER."),
        "check": ("check", "Report everything that is wrong with the policies in PATHS."),
        "explain-code": (
            "explain_code",
            "Explain an error code, with an example that has the mistake and one that does not.",
        ),
        "test": ("test", "Run the examples (`cases.yaml`) of the packs in PATHS."),
        "run": (
            "run",
            "Evaluate events under the policy in PACK, and write decisions and appeals.",
        ),
        "advance": (
            "advance",
            "Let time pass for all shops of a LEDGER: checks run, deadlines lapse, actions end.",
        ),
        "adopt": (
            "adopt",
            "Let a LEDGER go on under the version of its policy in PACK.",
        ),
        "verify": (
            "verify",
            "Check that a LEDGER was not changed, and that all in it follows from its events.",
        ),
        "explain": ("explain", "Show why a decision in OUT_DIR, or in a LEDGER, was made."),
        "notice": (
            "notice",
            "Show what the seller is told of a decision, in the words of its policy.",
        ),
        "history": (
            "history",
            "Show what happened to a SHOP: reviews, measures, points, actions, appeals, decisions.",
        ),
        "appeal": (
            "appeal",
            "Work the appeals of a ledger: file, assign, ask for evidence, decide.",
        ),
        "export": (
            "export",
            "Write decisions, appeals, notices or EU statements of reasons for other systems.",
        ),
        "erase": ("erase", "Take the texts and the name of a buyer out of a LEDGER, for good."),
        "retain": (
            "retain",
            "Take out of a LEDGER what is older than it is to be kept; decisions and appeals stay.",
        ),
        "map": (
            "map_",
            "Turn somebody's export into events, one JSON object a line, in order of time.",
        ),
        "generate": (
            "generate",
            "Make up a stream of reviews, orders, replies and the like, in order of time.",
        ),
        "schema": (
            "schema",
            "Print the JSON Schema of policies, events, records, mappings or statements.",
        ),
    }
)
"""The commands in the order of a policy's life: the module of each, and what it does.

They are imported when they are asked for, so that `check` and `--help` start fast.
"""


class Commands(click.Group):
    """The commands, with suggestions for misspelt ones."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of a policy's life."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command, imported now."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        name, _ = _COMMANDS[cmd_name]
        found = getattr(import_module(f".engine.authoring.commands.{name}", __package__), name)
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in _COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a reader that goes away is no failure, a full disk is one to be told."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except Problem as problem:
            fail(problem.sentence, problem.help)
        except BrokenPipeError:
            _forget_output()
            sys.exit(Exit.FINE)
        except KeyboardInterrupt:
            click.echo("revlex: stopped", err=True)
            sys.exit(Exit.STOPPED)
        except OSError as error:
            if error.filename is None:
                _forget_output()
            fail(f"{error.filename or 'standard output'}: {(error.strerror or str(error)).lower()}")

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command, or say which one may have been meant."""
        if args and args[0] not in _COMMANDS:
            guess = did_you_mean(args[0], _COMMANDS)
            ctx.fail(f"there is no command `{args[0]}`; {guess or 'see `revlex --help`'}")
        return super().resolve_command(ctx, args)


def _forget_output() -> None:
    """Let what is still to be written go nowhere, so that the end of the process is quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="revlex")
def main() -> None:
    """Marketplace review policies that people can read, check, test and appeal against.

    \b
    revlex init my-policy            write a small policy that works
    revlex check my-policy           find what is wrong with it
    revlex test my-policy            run its examples
    revlex run my-policy --events reviews.jsonl --out results
    revlex explain results DECISION  why was this decided?
    """


if __name__ == "__main__":
    main()
