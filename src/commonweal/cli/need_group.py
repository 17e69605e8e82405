"""Which commands are there about what people need? `need risk` and those beside it."""

from __future__ import annotations

import click

from commonweal.cli.need_inequality_commands import need_inequality_command
from commonweal.cli.need_risk_commands import need_risk_command


@click.group("need")
def need_group() -> None:
    """What each person of the record needs, and for whom it is worst met."""


for _command in (need_risk_command, need_inequality_command):
    need_group.add_command(_command)
