"""Which commands are there about what people need? `need profile`, `need risk` and those beside them."""

from __future__ import annotations

import click

from commonweal.cli.listed_group import Listed, ListedGroup

COMMANDS = Listed(
    ("profile", "need_profile_commands:need_profile_command"),
    ("risk", "need_risk_commands:need_risk_command"),
    ("cases", "need_risk_commands:need_cases_command"),
    ("inequality", "need_inequality_commands:need_inequality_command"),
)


@click.group("need", cls=ListedGroup, commands=COMMANDS)
def need_group() -> None:
    """What each person of the record needs, and for whom it is worst met."""
