"""Which commands are there about the contract as a whole? `contract corridor` and those beside it."""

from __future__ import annotations

import click

from commonweal.cli.listed_group import Listed, ListedGroup

COMMANDS = Listed(
    ("list", "contract_clause_commands:contract_list_command"),
    ("new", "contract_clause_commands:contract_new_command"),
    ("check", "contract_clause_commands:contract_check_command"),
    ("schema", "contract_clause_commands:contract_schema_command"),
    ("settle", "contract_settle_commands:contract_settle_command"),
    ("score", "contract_score_commands:contract_score_command"),
    ("subcontracts", "contract_agreed_commands:contract_subcontracts_command"),
    ("members", "contract_agreed_commands:contract_members_command"),
    ("year", "contract_year_commands:contract_year_command"),
    ("fact", "contract_year_commands:contract_fact_command"),
    ("close", "contract_year_commands:contract_close_command"),
    ("why", "contract_why_commands:contract_why_command"),
    ("compare", "contract_compare_commands:contract_compare_command"),
    ("corridor", "contract_corridor_commands:contract_corridor_command"),
    ("risk", "contract_risk_commands:contract_risk_command"),
    ("forms", "contract_risk_commands:contract_forms_command"),
    ("assure", "contract_assure_commands:contract_assure_command"),
)


@click.group("contract", cls=ListedGroup, commands=COMMANDS)
def contract_group() -> None:
    """What the contract pays, what of that is chance, and what to agree."""
