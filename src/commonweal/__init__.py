"""Form, fund and contract a multispecialty community provider, from the registered lists of its GP practices.

A place is a folder. `new_place` or `make_demonstration` makes one; `open_place` asks it anything; `build_place` goes
the whole way through and publishes a store; `write_report` prints it. `load_record` or `synthesise_record` gives a
place the record of its people; `person_need` says what each needs. The command `commonweal` calls the same functions.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commonweal.budget.person_based import PersonWeights
    from commonweal.build import Built, build_place
    from commonweal.core.amounts import Line
    from commonweal.core.errors import CommonwealError
    from commonweal.core.explanation import explained, explanation_text, explanation_tree
    from commonweal.core.findings import Finding
    from commonweal.core.parameters import Parameters, library
    from commonweal.core.periods import Period, financial_year, month
    from commonweal.core.store import Store, current_store
    from commonweal.demonstration import make_demonstration
    from commonweal.need.inequality_of_place import place_inequality
    from commonweal.need.kept import kept_person_need
    from commonweal.need.person_need import person_need
    from commonweal.need.profile import place_need_profile
    from commonweal.need.risk.publishing import publish_risk
    from commonweal.opened import OpenPlace, open_place
    from commonweal.people.loading.load import load_record
    from commonweal.people.record import Record, read_record
    from commonweal.people.synthesis.record import synthesise_record
    from commonweal.people.timeline import read_timeline
    from commonweal.place.folder import Place, new_place, read_place
    from commonweal.place.formation.forming import PlaceFormation, form_place
    from commonweal.place.inputs import Inputs, place_inputs
    from commonweal.place.selection import Selection
    from commonweal.place.verification import Verification, verify_practice_payments, verify_weighted_populations
    from commonweal.web.report import write_report

# Where each public name lives. A module is imported when the first of its names is asked for, not all at once: what
# learns risks or writes PDFs takes seconds to import, and most who ask want neither.
HOMES = {
    "commonweal.budget.person_based": ("PersonWeights",),
    "commonweal.build": ("Built", "build_place"),
    "commonweal.core.amounts": ("Line",),
    "commonweal.core.errors": ("CommonwealError",),
    "commonweal.core.explanation": ("explained", "explanation_text", "explanation_tree"),
    "commonweal.core.findings": ("Finding",),
    "commonweal.core.parameters": ("Parameters", "library"),
    "commonweal.core.periods": ("Period", "financial_year", "month"),
    "commonweal.core.store": ("Store", "current_store"),
    "commonweal.demonstration": ("make_demonstration",),
    "commonweal.need.inequality_of_place": ("place_inequality",),
    "commonweal.need.kept": ("kept_person_need",),
    "commonweal.need.person_need": ("person_need",),
    "commonweal.need.profile": ("place_need_profile",),
    "commonweal.need.risk.publishing": ("publish_risk",),
    "commonweal.opened": ("OpenPlace", "open_place"),
    "commonweal.people.loading.load": ("load_record",),
    "commonweal.people.record": ("Record", "read_record"),
    "commonweal.people.synthesis.record": ("synthesise_record",),
    "commonweal.people.timeline": ("read_timeline",),
    "commonweal.place.folder": ("Place", "new_place", "read_place"),
    "commonweal.place.formation.forming": ("PlaceFormation", "form_place"),
    "commonweal.place.inputs": ("Inputs", "place_inputs"),
    "commonweal.place.selection": ("Selection",),
    "commonweal.place.verification": ("Verification", "verify_practice_payments", "verify_weighted_populations"),
    "commonweal.web.report": ("write_report",),
}
_HOME = {name: module for module, names in HOMES.items() for name in names}

__all__ = [
    "Built",
    "CommonwealError",
    "Finding",
    "Inputs",
    "Line",
    "OpenPlace",
    "Parameters",
    "Period",
    "PersonWeights",
    "Place",
    "PlaceFormation",
    "Record",
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
    "kept_person_need",
    "library",
    "load_record",
    "make_demonstration",
    "month",
    "new_place",
    "open_place",
    "person_need",
    "place_inequality",
    "place_inputs",
    "place_need_profile",
    "publish_risk",
    "read_place",
    "read_record",
    "read_timeline",
    "synthesise_record",
    "verify_practice_payments",
    "verify_weighted_populations",
    "write_report",
]


def __getattr__(name: str) -> Any:
    """A public name, from the module where it lives.

    Raises   AttributeError for a name that is none.
    """
    if name not in _HOME:
        raise AttributeError(f"module 'commonweal' has no attribute '{name}'")
    found = getattr(import_module(_HOME[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
