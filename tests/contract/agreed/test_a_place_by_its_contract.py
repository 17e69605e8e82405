"""Is a place paid by the clauses in its contract folder, and as before where it has none?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from commonweal.budget.care_budget import care_budget
from commonweal.budget.inputs import BudgetInputs
from commonweal.contract.agreed.in_force import contract_of_place, parameters_in_force, refuse_strangers
from commonweal.contract.agreed.options_clause import OptionsClause
from commonweal.contract.clauses.folders import begin_contract
from commonweal.contract.scope import scope_on
from commonweal.contract.statement import Statement, statement
from commonweal.core.errors import ClauseProblem
from commonweal.core.parameters import Parameters, library
from commonweal.core.periods import financial_year, month
from commonweal.place.participation.events import History, Option
from commonweal.place.participation.states import participate
from commonweal.place.participation.way_back import ParticipationBreach

from ..conftest import inputs_of

START = date(2026, 4, 1)
YEAR = financial_year("2026-27")
LISTS = {"A1": 9001, "A2": 12007, "A3": 4999}
TAKEN: dict[str, Option] = {"A1": "full", "A2": "partial", "A3": "virtual"}
HEADING = "clause: contract\nname: ours\nlabel: Ours\nbased_on: {base}\n"


@pytest.fixture(scope="module")
def inputs() -> BudgetInputs:
    return inputs_of(LISTS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "contract").mkdir()
    return tmp_path / "contract"


def in_force(folder: Path) -> Parameters:
    return parameters_in_force(folder, library(), contract_of_place(folder))


def taking_part() -> History:
    history = History(tuple(LISTS), contract_start=START)
    for code, option in TAKEN.items():
        history = participate(history, code, option, START)
    return history


@pytest.fixture
def april(inputs: BudgetInputs) -> Callable[[Parameters], Statement]:
    """The statement of April by the parameters handed in."""

    def made(parameters: Parameters) -> Statement:
        return statement(care_budget(inputs, YEAR, parameters), inputs, taking_part(), parameters, month("2026-04"))

    return made


def amounts(held: Statement, direction: str, line: str) -> dict[str, Decimal]:
    """What goes where of one service line, by party and purpose."""
    return {f"{e.party}, {e.purpose}": e.amount.amount for e in held.of(direction) if e.service_line == line}  # type: ignore[arg-type]


def clause_file(folder: Path, kind: str, name: str, value: str, start: str = "2014-04-01") -> None:
    """A clause with one term, in the library's unit."""
    unit = library()[name].unit
    (folder / f"{kind}.yaml").write_text(
        f"clause: {kind}\nname: {kind}\nlabel: Ours\nterms:\n"
        f"  {name}:\n    label: L\n    meaning: M\n    unit: {unit}\n"
        f"    values:\n      {start}: {{value: {value}, status: given, source: {{title: Signed, where: page 3}}}}\n"
    )


def headed(folder: Path, base: str = "mcp-full") -> None:
    (folder / "contract.yaml").write_text(HEADING.format(base=base))


def test_a_place_without_clauses_has_the_librarys_parameters_and_its_own(folder):
    assert dict(in_force(folder)) == dict(library())
    assert dict(in_force(folder / "nowhere")) == dict(library())
    (folder / "mine.yaml").write_text(
        "reserve_share: {label: R, meaning: M, unit: u, values: "
        "{2014-04-01: {value: '0.03', status: given, source: {title: T}}}}\n"
    )
    assert dict(in_force(folder)) == dict(library().overridden_by(folder))


def test_a_contract_that_says_what_the_library_says_pays_the_same(folder, april):
    headed(folder)
    ours, theirs = april(in_force(folder)), april(library())
    assert [(e.party, e.purpose, e.column.by_key()) for e in ours.entries] == [
        (e.party, e.purpose, e.column.by_key()) for e in theirs.entries
    ]


def test_one_term_of_a_clause_changes_the_statement_by_what_it_says(folder, april):
    before = april(library())
    headed(folder)
    begin = (folder / "subcontracts.yaml").write_text
    begin(
        "clause: subcontracts\nname: subcontracts\nlabel: Ours\nterms:\n  reserve_share:\n    label: Reserve\n"
        "    meaning: M\n    unit: share of the month's payment\n    values:\n"
        "      2014-04-01: {value: '0.02', status: given, source: {title: Signed, where: page 3}}\n"
    )
    after = april(in_force(folder))
    received = sum(amounts(before, "received", "community").values())
    # The reserve is 2 % of what is received instead of 0.5 %, and the trust has 80 % of what is then left.
    reserve = (received * Decimal("0.02")).quantize(Decimal("0.01"))
    assert amounts(after, "held", "community")["the MCP, reserve"] == reserve
    trust = ((received - reserve) * Decimal("0.8")).quantize(Decimal("0.01"))
    assert amounts(after, "paid", "community") == {"community trust, whole population budget": trust}
    assert sum(amounts(after, "received", "community").values()) == received


def test_a_terms_file_status_and_source_are_in_the_explanation(folder, april):
    headed(folder)
    clause_file(folder, "population_budget", "list_change_tolerance", "'0.03'")
    clause_file(folder, "subcontracts", "reserve_share", "'0.02'")
    reserve = next(e for e in april(in_force(folder)).of("held") if e.purpose == "reserve")
    cited = next(line for line in reserve.amount.supplied() if line.name == "L")
    assert (str(cited.source), cited.status) == ("Signed, page 3; contract/subcontracts.yaml", "given")


def test_a_row_of_the_scope_holds_from_its_month_to_its_month(folder):
    headed(folder)
    half = '{option: full, service_line: community, share_in_scope: "0.5", pooled_view: "1", stays_with_practices: "0"'
    clause_file(folder, "scope", "scope", f'[{half}, from: "2026-10-01", to: "2027-01-01"}}]')
    held = in_force(folder)
    shares = {
        text: scope_on(held, date.fromisoformat(text)).row("full", "community").share_in_scope
        for text in ("2026-09-30", "2026-10-01", "2026-12-31", "2027-01-01")
    }
    # Before and after, the row is the library's: all of it.
    assert list(shares.values()) == [1, Decimal("0.5"), Decimal("0.5"), 1]


def test_half_a_line_in_scope_is_half_of_it_received(folder, april):
    whole = sum(amounts(april(library()), "received", "community").values())
    headed(folder)
    half = 'service_line: community, share_in_scope: "0.5", pooled_view: "1", stays_with_practices: "0"'
    rows = ", ".join(f"{{option: {option}, {half}}}" for option in ("partial", "full"))
    clause_file(folder, "scope", "scope", f"[{rows}]")
    received = sum(amounts(april(in_force(folder)), "received", "community").values())
    # Shares of the year and of the month are each rounded to the penny, for each of two practices.
    assert abs(received * 2 - whole) <= Decimal("0.08")


BLOCK = """clause: subcontracts
name: subcontracts
label: Ours
subcontracts:
  - {name: trust, provider: community trust, service_line: community, type: block, year_sum: trust_sum}
  - {name: beds, provider: care homes, service_line: community, type: item, price: bed_price}
terms:
  bed_price:
    label: Bed
    meaning: M
    unit: GBP a bed
    values: {2014-04-01: {value: "10", status: given, source: {title: Signed}}}
  trust_sum:
    label: Block to the trust
    meaning: M
    unit: GBP a year
    values:
      2014-04-01: {value: "1200000", status: given, source: {title: Signed, where: page 9}}
      2027-04-01: {value: "1320000", status: given, source: {title: Signed, where: page 9}}
  subcontract_shares:
    label: L
    meaning: M
    unit: share of the service line
    values:
      2014-04-01:
        value: [{service_line: community, provider: hospice, share: "0.1"}]
        status: given
        source: {title: Signed}
"""


def test_a_block_is_paid_by_its_twelfth_and_the_mcp_bears_the_difference(folder, april):
    headed(folder)
    (folder / "subcontracts.yaml").write_text(BLOCK)
    held = in_force(folder)
    found = april(held)
    received = sum(amounts(found, "received", "community").values())
    paid = amounts(found, "paid", "community")
    assert paid["community trust, whole population budget"] == Decimal("100000.00")
    reserve = amounts(found, "held", "community")["the MCP, reserve"]
    hospice = ((received - reserve) * Decimal("0.1")).quantize(Decimal("0.01"))
    own = amounts(found, "held", "community")["the MCP, the MCP's own services"]
    assert own == received - reserve - hospice - 100_000
    trust = next(e for e in found.of("paid") if e.party == "community trust")
    cited = next(line for line in trust.amount.supplied() if line.name == "Block to the trust")
    assert str(cited.source) == "Signed, page 9; contract/subcontracts.yaml"
    later = held["subcontract_shares"].on(date(2027, 4, 1)).value
    assert [row.get("year_sum") for row in later] == [None, "1320000", None]
    kept = next(e for e in found.of("held") if e.service_line == "community" and e.purpose == "the MCP's own services")
    assert kept.column.name.endswith("the MCP's own; of it care homes paid once counted")


def test_a_parameter_given_by_a_clause_and_by_a_file_of_values_is_a_fault(folder):
    headed(folder)
    clause_file(folder, "subcontracts", "reserve_share", "'0.02'")
    (folder / "mine.yaml").write_text(
        "reserve_share: {label: R, meaning: M, unit: u, values: "
        "{2014-04-01: {value: '0.03', status: given, source: {title: T}}}}\n"
    )
    with pytest.raises(
        ClauseProblem, match=r"terms\.reserve_share: is given by a clause and by a file of dated values"
    ):
        in_force(folder)


def test_a_places_own_values_stand_in_front_of_the_clauses_that_it_only_builds_on(folder):
    headed(folder)
    (folder / "mine.yaml").write_text(
        "reserve_share: {label: R, meaning: M, unit: u, values: "
        "{2014-04-01: {value: '0.03', status: given, source: {title: T}}}}\n"
    )
    assert in_force(folder)["reserve_share"].on(START).value == "0.03"


def test_an_option_that_is_not_offered_is_a_breach_with_the_first_day_it_is(tmp_path):
    begin_contract(tmp_path / "c", "mcp-full")
    file = tmp_path / "c" / "options.yaml"
    text = file.read_text().replace("{option: full}", "{option: full, practices: [A2], from: 2027-04-01}")
    file.write_text(text)
    contract = contract_of_place(tmp_path / "c")
    assert contract is not None
    with pytest.raises(ParticipationBreach) as caught:
        contract.one(OptionsClause).refuse_unoffered(taking_part())
    assert "A1: the full option is not offered to it on 2026-04-01." in str(caught.value)
    assert caught.value.earliest is None
    only = participate(History(("A2",), contract_start=START), "A2", "full", START)
    with pytest.raises(ParticipationBreach) as caught:
        contract.one(OptionsClause).refuse_unoffered(only)
    assert caught.value.earliest == date(2027, 4, 1)


def test_dudleys_scope_is_in_use_where_a_place_builds_on_it(folder):
    headed(folder, "dudley-like")
    assert scope_on(in_force(folder), START).label == library()["dudley_scope"].label


def test_practices_that_are_not_of_the_place_are_told_wherever_a_clause_names_them(folder):
    headed(folder)
    (folder / "options.yaml").write_text(
        "clause: options\nname: options\nlabel: Ours\noffered: [{option: full, practices: [A1, Z9]}]\n"
    )
    row = '{option: full, service_line: qof, share_in_scope: "0", pooled_view: "0", stays_with_practices: "1"'
    clause_file(folder, "scope", "scope", f"[{row}, practice_code: Z8}}]")
    contract = contract_of_place(folder)
    assert contract is not None
    with pytest.raises(ClauseProblem) as caught:
        refuse_strangers(contract, ("A1", "A2", "A3"))
    stranger = "is no practice of the place. Its practices are in place.yaml."
    assert str(caught.value).splitlines() == [
        f"{folder}/options.yaml: offered[0].practices 'Z9': {stranger}",
        f"{folder}/scope.yaml: terms.scope 'Z8': {stranger}",
    ]
