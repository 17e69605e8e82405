"""Which forms may hold a contract, and what does each mean for who stands behind it?

Source   parameters/risk_bearing.yaml, each fact with its source; what nobody confirmed is marked illustrative.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from commonweal.core.amounts import Source
from commonweal.core.parameters import Parameters

FORMS: Mapping[str, str] = {
    "limited_company": "Limited company",
    "llp": "Limited liability partnership",
    "cic": "Community interest company",
    "super_practice": "GP super-practice",
    "federation": "GP federation",
    "nhs_trust": "NHS trust or foundation trust",
    "alliance": "Alliance (no entity)",
}
FACTS: Mapping[str, str] = {
    "capital": "Capital it can hold",
    "behind": "Who stands behind it",
    "pension": "NHS pension of its staff",
    "vat": "VAT",
    "transparency": "What the public can see",
}


@dataclass(frozen=True, slots=True)
class FormFact:
    """One fact of one form: what it is, how sure, and who says so."""

    form: str
    fact: str
    text: str
    status: str
    source: Source
    note: str


def form_facts(parameters: Parameters, on: date) -> tuple[FormFact, ...]:
    """Every fact of every form, by form and fact in their order."""
    found = []
    for form in FORMS:
        for fact in FACTS:
            held = parameters[f"risk_bearing_{fact}_{form}"].on(on)
            found.append(FormFact(form, fact, str(held.value), held.status, held.source, held.note))
    return tuple(found)
