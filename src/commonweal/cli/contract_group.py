"""Which commands are there about the contract as a whole? `contract corridor` and those beside it."""

from __future__ import annotations

import click

from commonweal.cli.contract_corridor_commands import contract_corridor_command


@click.group("contract")
def contract_group() -> None:
    """What the contract pays, what of that is chance, and what to agree."""


for _command in (contract_corridor_command,):
    contract_group.add_command(_command)
