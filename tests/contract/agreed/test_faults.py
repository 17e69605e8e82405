"""Does each kind of clause say what is wrong in it, where, and how to mend it?"""

from __future__ import annotations

from pathlib import Path

import pytest

from commonweal.contract.clauses.folders import begin_contract
from commonweal.contract.clauses.reading import read_contract
from commonweal.core.errors import ClauseProblem


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """A contract begun from the full one of the library, with the clauses of those below it."""
    folder = tmp_path / "agreed"
    begin_contract(folder, "mcp-full", whole=True)
    return folder


def written(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def told(folder: Path) -> str:
    with pytest.raises(ClauseProblem) as caught:
        read_contract(folder)
    return str(caught.value)


COMMUNITY = '{option: full, service_line: community, commissioner: ICB, share_in_scope: "1"'
FAULTS = {
    "a term that nothing reads": (
        "population_budget.yaml",
        "  pace_of_change_limit:",
        "  pace_of_chang_limit:",
        "terms.pace_of_chang_limit 'pace_of_chang_limit': is no term that this clause knows. There are transition_w",
    ),
    "a unit that is not the library's": (
        "population_budget.yaml",
        "unit: share of budget",
        "unit: pounds",
        "terms.transition_weight.unit 'pounds': is not the unit. Write 'share of budget'.",
    ),
    "a share past the whole": (
        "population_budget.yaml",
        'value: "0.20"',
        'value: "1.20"',
        "terms.transition_weight.values.2026-04-01.value '1.20': is no number from 0 to 1. Write a number",
    ),
    "a number that is none": (
        "population_budget.yaml",
        'value: "0.20"',
        'value: "a fifth"',
        "terms.transition_weight.values.2026-04-01.value 'a fifth': is no number from 0 to 1.",
    ),
    "a convention that is none": (
        "population_budget.yaml",
        'value: "deductible"',
        'value: "franchise"',
        "values.2014-04-01.value 'franchise': is none of the choices. Write trigger or deductible.",
    ),
    "a service line that no one knows": (
        "scope.yaml",
        "service_line: community,",
        "service_line: comunity,",
        ".service_line 'comunity': is a service line that no one knows; there are core_general_practice,",
    ),
    "a commissioner who does not pay for the line": (
        "scope.yaml",
        "service_line: community, commissioner: ICB",
        "service_line: community, commissioner: local authority",
        ".commissioner 'local authority': does not pay for community. Write ICB, or leave it out.",
    ),
    "shares of a line past the whole": (
        "scope.yaml",
        f'{COMMUNITY}, pooled_view: "1", stays_with_practices: "0"',
        f'{COMMUNITY}, pooled_view: "1", stays_with_practices: "0.1"',
        "'1.1': is more than the whole: the share in scope and what stays with the practices. They sum to at most 1.",
    ),
    "rows that overlap in time": (
        "scope.yaml",
        f"          - {COMMUNITY}",
        '          - {option: full, service_line: community, share_in_scope: "0.5", pooled_view: "1",'
        ' stays_with_practices: "0", to: "2027-04-01"}\n'
        f'          - {{from: "2026-10-01", {COMMUNITY[1:]}',
        "'full × community': overlaps row",
    ),
    "a row that changes inside a month": (
        "scope.yaml",
        COMMUNITY,
        f'{{from: "2026-10-15", {COMMUNITY[1:]}',
        ".from '2026-10-15': is not the first of a month, and the budget is paid by the month.",
    ),
    "a row that ends before it begins": (
        "scope.yaml",
        COMMUNITY,
        f'{{from: "2026-10-01", to: "2026-10-01", {COMMUNITY[1:]}',
        ".to '2026-10-01': is not after 2026-10-01. Give the first day after the last.",
    ),
    "a budget where the virtual option pays none": (
        "scope.yaml",
        'option: virtual, service_line: community, commissioner: ICB, share_in_scope: "0"',
        'option: virtual, service_line: community, commissioner: ICB, share_in_scope: "0.4"',
        ".share_in_scope '0.4': is in the budget, but the virtual option pays no budget. Use pooled_view instead.",
    ),
    "an option that is none": (
        "options.yaml",
        "{option: full}",
        "{option: fully}",
        "offered[0].option 'fully': Input should be 'virtual', 'partial' or 'full'.",
    ),
    "an option offered twice": (
        "options.yaml",
        "{option: partial}",
        "{option: full, practices: [X90001]}",
        "offered[1].option 'full': is offered in row 0 for the same days. Keep one, or end one before.",
    ),
    "months of the way back that are not whole": (
        "options.yaml",
        'value: "24"',
        'value: "24.5"',
        "terms.reactivation_window_months.values.2016-12-01.value '24.5': is no whole number from 0 or more.",
    ),
    "more paid on than the whole line": (
        "subcontracts.yaml",
        'provider: voluntary organisations, share: "0.05"',
        'provider: voluntary organisations, share: "0.15"',
        "'1.05': of mental_health is paid on, more than the whole. The shares of a line sum to at most 1.",
    ),
    "arrears of a line that no one knows": (
        "subcontracts.yaml",
        '          qof: "0"',
        '          quof: "0"',
        "terms.payment_arrears_months.values.2014-04-01.value.quof 'quof': is no service line.",
    ),
    "a payment day that a month may lack": (
        "subcontracts.yaml",
        'value: "15"',
        'value: "31"',
        "terms.payment_day.values.2014-04-01.value '31': is no whole number from 1 to 28.",
    ),
    "a subcontract whose term is not there": (
        "subcontracts.yaml",
        "terms:",
        "subcontracts:\n"
        "  - {name: a, provider: hospice, service_line: community, type: block, year_sum: hospice_sum}\nterms:",
        "subcontracts[0].year_sum 'hospice_sum': is no term of this clause. Write it under terms; there: none.",
    ),
    "a provider paid a share and a sum of one line": (
        "subcontracts.yaml",
        "terms:",
        "subcontracts:\n"
        "  - {name: a, provider: community trust, service_line: community, type: block, year_sum: b}\nterms:",
        "subcontracts[0].provider 'community trust': is paid a share of community too, by subcontract_shares.",
    ),
    "a type of subcontract that is none": (
        "subcontracts.yaml",
        "terms:",
        "subcontracts:\n  - {name: a, provider: hospice, service_line: community, type: lump, year_sum: x}\nterms:",
        "Input tag 'lump' found using 'type' does not match any of the expected tags: 'block', 'capitation'",
    ),
    "parties that have no list": (
        "member_shares.yaml",
        "among: practices",
        "among: parties\nparties: [mcp, acute]",
        "by 'weighted_list': is of practices; parties have no list. Share equally or as stated.",
    ),
    "shares that are to be stated and are not": (
        "member_shares.yaml",
        "by: weighted_list",
        "by: stated",
        "stated None: names no term. Name the term of stated shares.",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "said"), FAULTS.values(), ids=list(FAULTS))
def test_a_fault_is_told_with_file_path_value_and_mend(begun, file, old, new, said):
    written(begun, file, old, new)
    found = told(begun)
    assert found.startswith(f"{begun}/{file}: ")
    assert said in found


def test_a_parameter_that_two_clauses_replace_is_a_fault_and_says_which(begun):
    text = (begun / "population_budget.yaml").read_text(encoding="utf-8")
    (begun / "another.yaml").write_text(text.replace("name: population_budget", "name: another", 1), encoding="utf-8")
    found = told(begun)
    assert f"{begun}/population_budget.yaml: terms.efficiency is said by {begun}/another.yaml too." in found
    assert "name it 'another' as well" in found


def test_a_contract_has_one_clause_of_options(begun):
    text = (begun / "options.yaml").read_text(encoding="utf-8")
    (begun / "more.yaml").write_text(text.replace("name: options", "name: more", 1).split("terms:")[0])
    assert "clause 'options' is said by" in told(begun)


VETO = "decision: {threshold: votes_needed, votes: one_each, no_veto: true}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # Five parties with a vote each: without one of them the others have 0.8.
        (
            'value: "0.75"',
            'value: "0.81"',
            "can stop a decision alone: the others have 0.8000 of the votes, 0.81 is needed",
        ),
        # The acute trust has 0.30 of the shares, so the others have 0.70 where 0.75 is needed.
        (
            "votes: one_each",
            "votes: by_share",
            "decision.no_veto 'acute': can stop a decision alone: the others have 0.7000",
        ),
        ('acute: "0.30"', 'acute: "0.31"', "'1.01': is what the shares sum to, not 1. Let them sum to 1."),
        (
            'acute: "0.30"',
            'acut: "0.30"',
            "is not the parties. Give practices, community, mental_health, acute, council.",
        ),
        ("council]", "council, council]", "names a party twice."),
    ],
)
def test_an_alliance_in_which_a_party_has_a_veto_or_no_share_is_refused(tmp_path, old, new, said):
    begin_contract(tmp_path / "agreed", "alliance")
    written(tmp_path / "agreed", "member_shares.yaml", old, new)
    assert said in told(tmp_path / "agreed")


def test_four_votes_in_five_suffice_without_a_veto(tmp_path):
    begin_contract(tmp_path / "agreed", "alliance")
    written(tmp_path / "agreed", "member_shares.yaml", 'value: "0.75"', 'value: "0.80"')
    assert read_contract(tmp_path / "agreed").clauses
