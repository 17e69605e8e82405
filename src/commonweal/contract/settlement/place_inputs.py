"""Which inputs of a settlement does a place know by itself, and from where?

By the inputs' names: `baseline` and `expected` from the budget, `list_base` and `list_now` from the weighted lists,
`actual` from the place's outturn or its record. Spend is known only where the clause names its service lines.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from commonweal.budget.care_budget import CareBudget, list_growth, reference_list_date
from commonweal.budget.inputs import BudgetInputs
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.core.amounts import Line, Source, given_column, quoted, summed, times, total
from commonweal.core.errors import InputError

BUDGET = "commonweal budget"


@dataclass(frozen=True, slots=True)
class KnownInputs:
    """What a place knows: a line for each input, what it is from in words, and why an input is not known.

    weighted   the weighted list of each practice that takes part, by which a payment is shared among them
    """

    lines: Mapping[str, Line]
    origins: Mapping[str, str]
    unknown: Mapping[str, str]
    weighted: Mapping[str, Decimal]


def place_inputs_of(
    clause: GainLossShare,
    care: CareBudget,
    inputs: BudgetInputs,
    practices: Sequence[str],
    spent: Mapping[str, Line],
    spent_from: str,
) -> KnownInputs:
    """The inputs of a clause that a place knows for the year of a budget.

    Takes    practices: those that take part. spent: the year's outturn by service line; spent_from: where it is from.
    Raises   InputError when the clause names a service line that the budget lacks, or the outturn lacks one it names.
    """
    year, base = care.year.label, care.baseline_year.label
    lines: dict[str, Line] = {}
    origins: dict[str, str] = {}
    unknown: dict[str, str] = {}
    _check_lines(clause, care)
    held, now = _weighted_lists(care, inputs)
    day = reference_list_date(inputs, care.year)
    lines["list_base"] = _of(held, practices, f"weighted lists of {base}")
    lines["list_now"] = _of(now, practices, f"weighted lists for {year}")
    origins["list_base"] = f"weighted lists of {base}, {len(practices)} practices"
    origins["list_now"] = f"the same, as registered lists have moved to {day}" if day else origins["list_base"]
    if clause.lines:
        said = f"budget, {', '.join(clause.lines)}, {len(practices)} practices"
        lines["baseline"] = _spend(care, clause.lines, practices, "baseline", f"Baseline of {base}")
        lines["expected"] = _spend(care, clause.lines, practices, "funded", f"Budget of {year}")
        origins |= {"baseline": f"{said}: baseline of {base}", "expected": f"{said}: {year}"}
        if spent:
            lines["actual"] = _spent(clause.lines, spent, year)
            origins["actual"] = spent_from
        else:
            missing = f"{year} is neither in contract/outturn.csv nor whole in a record"
            unknown["actual"] = f"{missing}. Write it there, or give it by --inputs."
    else:
        unknown |= dict.fromkeys(
            ("baseline", "expected", "actual"), "the clause names no service lines ('lines'). Give it by --inputs."
        )
    wanted = clause.inputs
    return KnownInputs(
        {name: line for name, line in lines.items() if name in wanted},
        {name: text for name, text in origins.items() if name in wanted},
        {name: text for name, text in unknown.items() if name in wanted},
        {code: now.at(code).amount for code in practices},
    )


def _check_lines(clause: GainLossShare, care: CareBudget) -> None:
    known = [held.service_line.code for held in care.lines]
    for code in clause.lines:
        if code not in known:
            raise InputError(
                f"'{code}' is no service line.", where=f"{clause.name}: lines", mend=f"They are {', '.join(known)}."
            )


def _weighted_lists(care: CareBudget, inputs: BudgetInputs) -> tuple[Line, Line]:
    # Weight per head is held at the baseline year's, as in the budget: a practice's weighted list moves with its list.
    source = Source(inputs.payments_source, f"weighted patients, {inputs.baseline_year.label}")
    weighted = {code: inputs.weighted.get(code, Decimal(0)) for code in care.practices}
    held = given_column("weighted list", weighted, unit="people", status="published", source=source)
    return held, times("weighted list now", held, list_growth(inputs, care.year), unit="people")


def _spend(care: CareBudget, codes: Sequence[str], practices: Collection[str], kind: str, name: str) -> Line:
    parts = [_of(getattr(care.line(code), kind), practices, care.line(code).service_line.label) for code in codes]
    return total(name, *(quoted(part, BUDGET) for part in parts), working="its service lines, added up")


def _of(column: Line, practices: Collection[str], name: str) -> Line:
    if column.keys is None or set(column.keys) == set(practices):
        return summed(name, column)
    parts = [column.at(code).renamed(code) for code in sorted(practices)]
    return total(name, *parts, working="the practices that take part, added up")


def _spent(codes: Sequence[str], spent: Mapping[str, Line], year: str) -> Line:
    for code in codes:
        if code not in spent:
            raise InputError(
                f"there is no spend on {code} in {year}.",
                where="actual spend",
                mend="Add a row to contract/outturn.csv (nought where none was spent), or give 'actual' by --inputs.",
            )
    return total(f"Spend of {year}", *(spent[code] for code in codes), working="its service lines, added up")
