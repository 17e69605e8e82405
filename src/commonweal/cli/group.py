"""Which commands are there?"""

from __future__ import annotations

from importlib.metadata import version

import click

from commonweal.cli.build_commands import build_command, demo_command, report_command, serve_command
from commonweal.cli.contract_commands import options_command, participate_command, statement_command
from commonweal.cli.contract_group import contract_group
from commonweal.cli.money_commands import budget_command
from commonweal.cli.need_group import need_group
from commonweal.cli.people_group import people_group
from commonweal.cli.place_commands import check_command, form_command, new_command
from commonweal.cli.plan_group import plan_group
from commonweal.cli.verify_commands import verify_group
from commonweal.core.errors import KINDS

EXIT_CODES = "\b\nExit codes: 0 done, 1 unforeseen, 2 wrong option, " + ", ".join(
    f"{kind.exit_code} {kind.kind}" for kind in KINDS
)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=EXIT_CODES,
)
@click.version_option(version("commonweal"), prog_name="commonweal")
def commonweal() -> None:
    """Form, fund and contract a multispecialty community provider, from the lists of its GP practices.

    A place is a folder. Make one with `new` (or `demo`), then run `build` for the whole way through, or the steps
    one by one in the order shown here.
    """


ORDER = (
    new_command,
    check_command,
    form_command,
    people_group,
    need_group,
    budget_command,
    options_command,
    participate_command,
    statement_command,
    contract_group,
    plan_group,
    build_command,
    report_command,
    serve_command,
    demo_command,
    verify_group,
)


def _in_order(_group: click.Group, _context: click.Context) -> list[str]:
    return [str(command.name) for command in ORDER]


for _command in ORDER:
    commonweal.add_command(_command)
# Help lists the commands in the order in which a place needs them, not by alphabet.
commonweal.list_commands = _in_order.__get__(commonweal, click.Group)  # type: ignore[method-assign]
