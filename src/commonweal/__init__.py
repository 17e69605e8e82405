"""Form, fund and contract a multispecialty community provider, from the registered lists of its GP practices.

A place is a folder. `new_place` or `make_demonstration` makes one; `open_place` asks it anything; `build_place` goes
the whole way through and publishes a store; `write_report` prints it. The command `commonweal` calls the same
functions.
"""

from __future__ import annotations

from commonweal.build import Built, build_place
from commonweal.core.amounts import Line
from commonweal.core.errors import CommonwealError
from commonweal.core.explanation import explained, explanation_text, explanation_tree
from commonweal.core.findings import Finding
from commonweal.core.parameters import Parameters, library
from commonweal.core.periods import Period, financial_year, month
from commonweal.core.store import Store, current_store
from commonweal.demonstration import make_demonstration
from commonweal.opened import OpenPlace, open_place
from commonweal.place.folder import Place, new_place, read_place
from commonweal.place.formation.forming import PlaceFormation, form_place
from commonweal.place.inputs import Inputs, place_inputs
from commonweal.place.selection import Selection
from commonweal.place.verification import Verification, verify_practice_payments, verify_weighted_populations
from commonweal.web.report import write_report

__all__ = [
    "Built",
    "CommonwealError",
    "Finding",
    "Inputs",
    "Line",
    "OpenPlace",
    "Parameters",
    "Period",
    "Place",
    "PlaceFormation",
    "Selection",
    "Store",
    "Verification",
    "build_place",
    "current_store",
    "explained",
    "explanation_text",
    "explanation_tree",
    "financial_year",
    "form_place",
    "library",
    "make_demonstration",
    "month",
    "new_place",
    "open_place",
    "place_inputs",
    "read_place",
    "verify_practice_payments",
    "verify_weighted_populations",
    "write_report",
]
