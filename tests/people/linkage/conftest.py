"""With what parameters and on whom is linkage tried?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from commonweal.core.parameters import Parameters, library, read_parameters
from commonweal.people.linkage.faults import MadeUp, records_with_faults
from commonweal.people.linkage.invented import invented_identity


def with_values(**values: str) -> Parameters:
    """The library's parameters with other numbers for some, named without `linkage_`."""
    text = "\n".join(
        f"linkage_{name}: {{label: x, meaning: x, unit: x, values: "
        f'{{2014-04-01: {{value: "{value}", status: given, source: {{title: a test}}}}}}}}'
        for name, value in values.items()
    )
    return Parameters({**library(), **read_parameters(text, "a test")})


@pytest.fixture(scope="session")
def book_with() -> Callable[..., Parameters]:
    """A function that gives the library's parameters with other numbers for some."""
    return with_values


@pytest.fixture(scope="session")
def quick() -> Parameters:
    """Parameters with which a test learns in a moment, from a tenth of the pairs."""
    return with_values(pairs_to_learn_from="200000")


@pytest.fixture(scope="session")
def many(quick: Parameters) -> MadeUp:
    """A thousand made-up people and as many records with faults: just enough to learn from."""
    return records_with_faults(invented_identity(1_300, seed=7), records=1_100, seed=7, parameters=quick)
