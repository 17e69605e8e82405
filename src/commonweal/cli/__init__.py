"""How do I get at it from a terminal? The command `commonweal`."""

from __future__ import annotations

import os
import sys

import click

from commonweal.cli.group import commonweal
from commonweal.core.errors import CommonwealError
from commonweal.web.terminal import plain_terminal_text

__all__ = ["commonweal", "main"]

INTERRUPTED = 130


def main() -> None:
    """Run the command; every known trouble is one clear message and an exit code of its own, never a traceback."""
    try:
        outcome = commonweal(standalone_mode=False)
        sys.exit(outcome if isinstance(outcome, int) else 0)
    except click.exceptions.Abort:
        sys.exit(INTERRUPTED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except CommonwealError as problem:
        click.echo(f"commonweal: {problem.kind} error: {plain_terminal_text(str(problem))}", err=True)
        sys.exit(problem.exit_code)
    except BrokenPipeError:
        # The reader of a pipe has had enough, as `head` does; Python must not complain again while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as problem:
        if os.environ.get("COMMONWEAL_DEBUG"):
            raise
        where = f"{problem.filename}: " if problem.filename else ""
        click.echo(f"commonweal: input error: {where}{problem.strerror or problem}.", err=True)
        sys.exit(3)
    except Exception as problem:
        if os.environ.get("COMMONWEAL_DEBUG"):
            raise
        # The text of an unforeseen error may quote a row; its kind and place are enough to report it.
        click.echo(
            f"commonweal: this should not happen ({type(problem).__name__}). Nothing that was built is lost. "
            "Set COMMONWEAL_DEBUG=1 and run again to see where, and please report it.",
            err=True,
        )
        sys.exit(1)
