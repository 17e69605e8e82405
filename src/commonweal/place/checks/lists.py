"""Do lists, payments and need-weighted populations agree with themselves and with the year before?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any

import ibis
import ibis.expr.types as ir

from commonweal.core.findings import Finding
from commonweal.core.money import money_text
from commonweal.core.parameters import Parameters
from commonweal.core.periods import financial_year, months_later
from commonweal.place.inputs import Inputs
from commonweal.place.practice_totals import COMPONENTS
from commonweal.place.published.forms import PAYMENTS

DAYS_IN_A_YEAR = 365.25


def list_movements(inputs: Inputs) -> list[Finding]:
    """Lists that moved more than the limit in a year: by counts a year or less apart, and by payments of years.

    Counts or payments further apart are compared by the even yearly change that leads from one to the other.
    """
    limit = float(inputs.parameters["list_movement_limit"].during(inputs.baseline_year).number())
    paid = _paid_lists(inputs)
    found = []
    for code in inputs.codes:
        counts = [(day, Decimal(held[code])) for day, held in inputs.list_counts.items() if code in held]
        for series, form in ((paid.get(code, []), PAYMENTS), (counts, "list_counts")):
            moved = max(_moves(series), key=lambda move: abs(move[0]), default=None)
            if moved is not None and abs(moved[0]) > limit:
                found.append(_list_moved(inputs, code, form, *moved))
    return found


def _paid_lists(inputs: Inputs) -> Mapping[str, list[tuple[date, Decimal]]]:
    """Registered lists in the payments of each year up to the baseline; the year's average, dated in its middle."""
    held: dict[str, list[tuple[date, Decimal]]] = {}
    for row in inputs.paid_in_all_years:
        middle = months_later(financial_year(row["financial_year"]).start, 6)
        if row["registered_people"] is not None and row["financial_year"] <= inputs.published.baseline_year:
            held.setdefault(row["practice_code"], []).append((middle, row["registered_people"]))
    return {code: sorted(series) for code, series in held.items()}


def _moves(series: Sequence[tuple[date, Decimal]]) -> Iterator[tuple[float, date, date, Decimal, Decimal]]:
    """The yearly change between counts a year or less apart, and between each count and the next."""
    within = [(a, b) for a, b in combinations(series, 2) if (b[0] - a[0]).days <= DAYS_IN_A_YEAR + 1]
    for first, second in dict.fromkeys([*within, *pairwise(series)]):
        years = max(1.0, (second[0] - first[0]).days / DAYS_IN_A_YEAR)
        if first[1] > 0:
            yield float(second[1] / first[1]) ** (1 / years) - 1, first[0], second[0], first[1], second[1]


def _list_moved(
    inputs: Inputs, code: str, form: str, change: float, since: date, until: date, before: Decimal, after: Decimal
) -> Finding:
    name = inputs.names.get(code, code)
    a_year = " a year" if (until - since).days > DAYS_IN_A_YEAR + 1 else ""
    message = (
        f"The list of {name} ({code}) went from {before:,.0f} ({since:%B %Y}) to {after:,.0f} ({until:%B %Y}), "
        f"{change:+.0%}{a_year}."
    )
    mend = "See whether practices merged, or a list was moved or cleaned; then say so where the budget is agreed."
    paid = inputs.paid_practices.get(code, {}) if form == PAYMENTS else {}
    day = "" if form == PAYMENTS else str(until)
    file = paid.get("file") or getattr(inputs.published.file_of(form, day), "name", "")
    return Finding("warning", "list-moved", file, paid.get("row"), "", message, mend, code)


def no_lists(inputs: Inputs) -> list[Finding]:
    """Practices that are paid but have no people, registered or weighted."""
    mend = "Payments per person cannot be worked out for it; leave it out unless its people come back."
    found = []
    for code, row in inputs.paid_practices.items():
        for column, word in (("registered_people", "registered"), ("weighted_people", "weighted")):
            if not row[column]:
                message = f"{inputs.names.get(code, code)} ({code}) is paid but has no {word} people."
                found.append(Finding("warning", "no-list", row["file"], row["row"], "", message, mend, code))
    return sorted(found, key=lambda f: f.practice_code)


def sums_of_lines(inputs: Inputs) -> list[Finding]:
    """Published totals of the place's practices that their lines do not sum to, baseline year."""
    tables, year = inputs.published.tables, inputs.published.baseline_year
    lines, totals = (
        inputs.ours(tables[name].filter(tables[name].financial_year == year))
        for name in ("payment_lines", "payment_totals")
    )
    labels = {row["code"]: row["names"][0] for row in _rows(inputs.parameters, "payment_totals")}
    compared = totals_recomputed(lines, totals, inputs.parameters)
    wrong = compared.filter(compared.recomputed != compared.published).order_by("row", "payment_total")
    mend = "See which line differs from the published file, or whether a payment line is new and not yet known."
    return [
        Finding(
            "error",
            "total-differs",
            row["file"],
            row["row"],
            labels[row["payment_total"]],
            f"The lines of {inputs.names.get(row['practice_code'], '')} ({row['practice_code']}) sum to "
            f"{money_text(row['recomputed'])}; published is {money_text(row['published'])}.",
            mend,
            row["practice_code"],
        )
        for row in wrong.to_pyarrow().to_pylist()
    ]


def totals_recomputed(lines: ir.Table, totals: ir.Table, parameters: Parameters) -> ir.Table:
    """Each published total beside the sum of the lines it adds up.

    Takes    lines, totals: payment_lines and payment_totals, of one financial year or several.
    Returns  practice_code, financial_year, payment_total, published, recomputed (GBP), file, row; one row per practice
             and total.
    Source   parameters/payment_lines.yaml: payment_totals, by group of lines.
    """
    groups: dict[str, list[str]] = {}
    for row in _rows(parameters, "payment_lines"):
        groups.setdefault(row["group"], []).append(row["code"])
    sums = lines.group_by("practice_code", "financial_year").aggregate(
        **{
            row["code"]: lines.amount.sum(where=lines.payment_line.isin([c for g in row["adds"] for c in groups[g]]))
            for row in _rows(parameters, "payment_totals")
        }
    )
    codes = [row["code"] for row in _rows(parameters, "payment_totals")]
    long = sums.pivot_longer(codes, names_to="payment_total", values_to="recomputed")
    joined = totals.left_join(long, ["practice_code", "financial_year", "payment_total"])
    return joined.select(
        "practice_code",
        "financial_year",
        "payment_total",
        "file",
        "row",
        published=joined.amount,
        recomputed=joined.recomputed.fill_null(0).cast("decimal(38, 2)"),
    )


def sums_of_need(inputs: Inputs) -> list[Finding]:
    """Need-weighted populations that do not re-add to the projected people of the file."""
    tolerance = inputs.parameters["weighted_population_tolerance"].during(inputs.baseline_year).number()
    (sums,) = need_sums(inputs.published.tables["need_populations"]).to_pyarrow().to_pylist()
    file = getattr(inputs.published.file_of("need_populations"), "name", "")
    found = []
    for name in COMPONENTS:
        people, weighted = sums["projected_people"] or Decimal(0), sums[name] or Decimal(0)
        if abs(weighted - people) > tolerance * people:
            words = name.replace("_", " ")
            message = f"Weighted for {words} the file holds {weighted:,.0f} people; it projects {people:,.0f}."
            mend = "See whether the file is whole; a part of it cannot set a national share."
            found.append(Finding("warning", "need-sum-differs", file, None, "", message, mend))
    return found


def need_sums(need_populations: ir.Table) -> ir.Table:
    """Projected people and each need-weighted population over all rows, as published: a blank adds nothing."""
    names = ("projected_people", *COMPONENTS)
    return need_populations.aggregate(**{n: need_populations[n].sum().cast("decimal(38, 9)") for n in names})


def blank_needs(inputs: Inputs) -> list[Finding]:
    """Components published blank or zero for practices of the place."""
    table = inputs.published.tables["need_populations"]
    blank = ibis.or_(*(table[name].isnull() | (table[name] == 0) for name in COMPONENTS))
    rows = inputs.ours(table.filter(blank)).order_by("row").to_pyarrow().to_pylist()
    counts_as = inputs.parameters["need_population_when_blank"].during(inputs.baseline_year).value
    return [_blank_need(row, name, counts_as) for row in rows for name in COMPONENTS if not row[name]]


def _blank_need(row: Mapping[str, Any], name: str, counts_as: Any) -> Finding:
    held = "blank" if row[name] is None else "zero"
    message = (
        f"{row['practice_name'] or row['practice_code']} ({row['practice_code']}) has {held} need of "
        f"{name.replace('_', ' ')}; it counts as {counts_as}."
    )
    mend = "Nothing; this is how the published tool does it."
    return Finding("warning", "need-component-blank", row["file"], row["row"], "", message, mend, row["practice_code"])


def _rows(parameters: Parameters, name: str) -> list[Any]:
    return list(parameters[name].values[-1].value)
