"""Which commands are there about the plan? `plan list`, `plan show`, `plan triage` and those beside them."""

from __future__ import annotations

import click

from commonweal.cli.listed_group import Listed, ListedGroup

COMMANDS = Listed(
    ("list", "plan_intervention_commands:plan_list_command"),
    ("show", "plan_intervention_commands:plan_show_command"),
    ("new", "plan_intervention_commands:plan_new_command"),
    ("check", "plan_intervention_commands:plan_check_command"),
    ("triage", "plan_access_commands:plan_triage_command"),
    ("answering", "plan_access_commands:plan_answering_command"),
)


@click.group("plan", cls=ListedGroup, commands=COMMANDS)
def plan_group() -> None:
    """What would happen if: interventions, for whom they are, what is known of them; what access to care takes."""
