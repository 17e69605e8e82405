"""Which commands are there about the plan? `plan list`, `plan show`, `plan triage` and those beside them."""

from __future__ import annotations

import click

from commonweal.cli.plan_access_commands import plan_answering_command, plan_triage_command
from commonweal.cli.plan_intervention_commands import (
    plan_check_command,
    plan_list_command,
    plan_new_command,
    plan_show_command,
)


@click.group("plan")
def plan_group() -> None:
    """What would happen if: interventions, for whom they are, what is known of them; what access to care takes."""


ORDER = (
    plan_list_command,
    plan_show_command,
    plan_new_command,
    plan_check_command,
    plan_triage_command,
    plan_answering_command,
)
for _command in ORDER:
    plan_group.add_command(_command)
