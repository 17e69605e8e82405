"""How do a place's published files become what its budget is worked out from?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from commonweal.budget.inputs import BudgetInputs, LocalSpend
from commonweal.core.errors import InputError
from commonweal.place.inputs import Inputs


def budget_inputs(inputs: Inputs, *, neighbourhoods: Mapping[str, tuple[str, ...]] | None = None) -> BudgetInputs:
    """What the budget of a place needs to know.

    Takes    neighbourhoods: practice codes by neighbourhood; the place's own when not given.
    Raises   InputError when the place's ledger is of another year than the payments.
    """
    formed = neighbourhoods
    if formed is None:
        formed = {code: held.practice_codes for code, held in inputs.place.neighbourhoods.items()}
    return BudgetInputs(
        practices=inputs.codes,
        names=inputs.names,
        neighbourhoods=formed,
        baseline_year=inputs.baseline_year,
        payments=by_line(inputs.payments),
        registered=inputs.registered_people,
        weighted=inputs.weighted_people,
        need=by_line(inputs.need_populations),
        national_payments=inputs.national.payments,
        national_weighted=inputs.national.weighted_people,
        commissioner_need=inputs.commissioner.need,
        local_spend=local_spend(inputs),
        list_counts={
            day: {code: Decimal(people) for code, people in counts.items()}
            for day, counts in inputs.list_counts.items()
        },
        payments_source=_file(inputs, "payment_practices", "NHS Payments to General Practice"),
        need_source=_file(inputs, "need_populations", "NHS England, need-weighted populations"),
    )


def by_line(by_practice: Mapping[str, Mapping[str, Decimal]]) -> dict[str, dict[str, Decimal]]:
    """Sums by practice and line turned round: by line and practice."""
    turned: dict[str, dict[str, Decimal]] = {}
    for practice, lines in by_practice.items():
        for line, amount in lines.items():
            turned.setdefault(line, {})[practice] = amount
    return turned


def local_spend(inputs: Inputs) -> tuple[LocalSpend, ...]:
    """The place's own ledger as the budget reads it.

    Raises   InputError for rows of another year than the baseline's: spend of two years is never mixed.
    """
    year = inputs.baseline_year.label
    others = sorted({row.financial_year for row in inputs.ledger.entries} - {year})
    if others:
        raise InputError(
            f"The ledger has spend of {', '.join(others)}, but the baseline year is {year}.",
            where=str(inputs.place.path / "ledger.csv"),
            mend=f"Hand in the spend of {year}.",
        )
    return tuple(
        LocalSpend(
            row.service_line,
            row.practice_code or "",
            row.population or "",
            row.recurrence,
            row.amount,
            row.source or "",
        )
        for row in inputs.ledger.entries
    )


def _file(inputs: Inputs, form: str, title: str) -> str:
    held = inputs.published.file_of(form, inputs.published.baseline_year) or inputs.published.file_of(form)
    return f"{title} ({held.name})" if held else title
