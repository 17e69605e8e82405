"""Which commands are there about people?"""

from __future__ import annotations

import click

from commonweal.cli.listed_group import Listed, ListedGroup

COMMANDS = Listed(
    ("load", "people_load_commands:people_load_command"),
    ("synthesise", "people_synthesis_commands:synthesise_command"),
    ("calibrate", "people_synthesis_commands:calibrate_command"),
    ("linkage", "people_linkage_commands:linkage_command"),
)


@click.group("people", cls=ListedGroup, commands=COMMANDS)
def people_group() -> None:
    """The linked record: what is known of each registered person, under a keyed pseudonym."""
