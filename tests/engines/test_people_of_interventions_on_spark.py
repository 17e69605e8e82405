"""Does each intervention find the same people on DuckDB and on Spark?"""

from __future__ import annotations

from datetime import date

import pytest

from commonweal.core.parameters import library
from commonweal.plan.interventions.people import people_it_is_for
from commonweal.plan.interventions.reading import library_interventions

pytestmark = pytest.mark.java

ON = date(2026, 4, 1)
LIBRARY = library_interventions(library())
NEED = [
    {
        "person": n,
        "practice_code": f"A8100{n % 3}",
        "age": None if n == 7 else n * 5,
        "level": n % 4 + 1,
        "long_term_conditions": n % 5,
        "medicines": n,
        "care_home": None if n == 3 else n % 2 == 0,
        "end_of_life": n % 3 == 0,
    }
    for n in range(1, 20)
]
RISK = [{"person": n, "practice_code": "A81000", "risk": n / 20, "rank": 20 - n} for n in range(1, 20)]


@pytest.mark.parametrize("name", LIBRARY)
def test_it_finds_the_same_people(written, same_rows, name):
    held = LIBRARY[name]
    if any(part.has == "risk" for part in held.for_whom):
        values = {
            day: value.model_copy(update={"value": "0.9"}) for day, value in held.terms["highest_risk"].values.items()
        }
        terms = {**held.terms, "highest_risk": held.terms["highest_risk"].model_copy(update={"values": values})}
        held = held.model_copy(update={"terms": terms})
    folder = written({"person_need": NEED, "risk": RISK})
    same_rows(lambda t: people_it_is_for(t["person_need"], held, on=ON, risk=t["risk"]), folder)
