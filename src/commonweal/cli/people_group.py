"""Which commands are there about people?"""

from __future__ import annotations

import click

from commonweal.cli.people_linkage_commands import linkage_command


@click.group("people")
def people_group() -> None:
    """The linked record: what is known of each registered person, under a keyed pseudonym."""


ORDER = (linkage_command,)

for _command in ORDER:
    people_group.add_command(_command)
