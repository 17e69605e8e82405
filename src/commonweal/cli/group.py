"""Which commands are there?"""

from __future__ import annotations

from importlib.metadata import version

import click

from commonweal.cli.listed_group import Listed, ListedGroup
from commonweal.core.errors import KINDS

EXIT_CODES = "\b\nExit codes: 0 done, 1 unforeseen, 2 wrong option, " + ", ".join(
    f"{kind.exit_code} {kind.kind}" for kind in KINDS
)


# In the order in which a place needs them. A new command is one line here, or in the group that it belongs to.
COMMANDS = Listed(
    ("new", "place_commands:new_command"),
    ("check", "place_commands:check_command"),
    ("form", "place_commands:form_command"),
    ("people", "people_group:people_group"),
    ("need", "need_group:need_group"),
    ("budget", "money_commands:budget_command"),
    ("options", "contract_commands:options_command"),
    ("participate", "contract_commands:participate_command"),
    ("statement", "contract_commands:statement_command"),
    ("contract", "contract_group:contract_group"),
    ("plan", "plan_group:plan_group"),
    ("build", "build_commands:build_command"),
    ("report", "build_commands:report_command"),
    ("serve", "build_commands:serve_command"),
    ("demo", "build_commands:demo_command"),
    ("verify", "verify_commands:verify_group"),
)


@click.group(
    cls=ListedGroup,
    commands=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=EXIT_CODES,
)
@click.version_option(version("commonweal"), prog_name="commonweal")
def commonweal() -> None:
    """Form, fund and contract a multispecialty community provider, from the lists of its GP practices.

    A place is a folder. Make one with `new` (or `demo`), then run `build` for the whole way through, or the steps
    one by one in the order shown here.
    """
