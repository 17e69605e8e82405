"""Which commands are there about what people need? `need profile`, `need risk` and those beside them."""

from __future__ import annotations

import click

from commonweal.cli.need_inequality_commands import need_inequality_command
from commonweal.cli.need_profile_commands import need_profile_command
from commonweal.cli.need_risk_commands import need_cases_command, need_risk_command


@click.group("need")
def need_group() -> None:
    """What each person of the record needs, and for whom it is worst met."""


for _command in (need_profile_command, need_risk_command, need_cases_command, need_inequality_command):
    need_group.add_command(_command)
