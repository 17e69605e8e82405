"""Which commands are there about people?"""

from __future__ import annotations

import click

from commonweal.cli.people_linkage_commands import linkage_command
from commonweal.cli.people_load_commands import people_load_command
from commonweal.cli.people_synthesis_commands import calibrate_command, synthesise_command


@click.group("people")
def people_group() -> None:
    """The linked record: what is known of each registered person, under a keyed pseudonym."""


ORDER = (people_load_command, synthesise_command, calibrate_command, linkage_command)

for _command in ORDER:
    people_group.add_command(_command)
