"""Which commands are there about the contract as a whole? `contract corridor` and those beside it."""

from __future__ import annotations

import click

from commonweal.cli.contract_assure_commands import contract_assure_command
from commonweal.cli.contract_agreed_commands import contract_members_command, contract_subcontracts_command
from commonweal.cli.contract_clause_commands import (
    contract_check_command,
    contract_list_command,
    contract_new_command,
    contract_schema_command,
)
from commonweal.cli.contract_compare_commands import contract_compare_command
from commonweal.cli.contract_corridor_commands import contract_corridor_command
from commonweal.cli.contract_risk_commands import contract_forms_command, contract_risk_command
from commonweal.cli.contract_score_commands import contract_score_command
from commonweal.cli.contract_settle_commands import contract_settle_command
from commonweal.cli.contract_why_commands import contract_why_command
from commonweal.cli.contract_year_commands import (
    contract_close_command,
    contract_fact_command,
    contract_year_command,
)


@click.group("contract")
def contract_group() -> None:
    """What the contract pays, what of that is chance, and what to agree."""


ORDER = (
    contract_list_command,
    contract_new_command,
    contract_check_command,
    contract_schema_command,
    contract_settle_command,
    contract_score_command,
    contract_subcontracts_command,
    contract_members_command,
    contract_year_command,
    contract_fact_command,
    contract_close_command,
    contract_why_command,
    contract_compare_command,
    contract_corridor_command,
    contract_risk_command,
    contract_forms_command,
    contract_assure_command,
)
for _command in ORDER:
    contract_group.add_command(_command)
