"""Can what was measured be scored and paid from the command line, and is a wrong file told?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json.md"
DAY = ("--on", "2026-03-31")
HEADER = "measure,numerator,denominator,value,last\n"
YEAR = (
    HEADER
    + "contract_value,,,60000000,\nflu_vaccination,850,1000,,\nsmoking_advice,95,100,,\nblood_pressure,65,100,,\n"
    + "care_plan,60,100,,\nexperience,40,50,,0.8\nemergency_admissions,6000,50000,,\nstaff_turnover,20,100,,\n"
)


@pytest.fixture
def year(tmp_path: Path) -> Path:
    file = tmp_path / "year.csv"
    file.write_text(YEAR, encoding="utf-8")
    return file


def keys(held: object) -> Iterator[str]:
    if isinstance(held, dict):
        for key, value in held.items():
            yield key
            yield from keys(value)
    elif isinstance(held, list):
        for value in held:
            yield from keys(value)


def test_a_year_is_scored_and_paid(run, year):
    found = run("contract", "score", "mcp-performance", "--inputs", year, *DAY, "--format", "json").json()
    (scheme,) = found["schemes"]
    assert (scheme["pool"], scheme["earned"], scheme["interim"], scheme["true_up"]) == (
        "6000000.00", "4200000.00", "4200000.00", "0.00",
    )  # fmt: skip
    assert sum(float(held["amount"]) for held in scheme["domains"]) == 4_200_000
    states = {measure["name"]: measure["state"] for measure in scheme["measures"]}
    assert states["experience"] == "protected"


def test_pay_that_rests_on_illustrative_terms_says_so(run, year):
    words = ("contract", "score", "mcp-performance", "--inputs", year, *DAY)
    assert "terms of Improvement payment scheme that are illustrative: Floor, Points, Pool" in run(*words).out
    assert run(*words, "--format", "json").json()["schemes"][0]["status"] == "illustrative"


def test_several_schemes_are_paid_at_once_and_a_row_may_say_for_which(run, tmp_path, year):
    folder = tmp_path / "agreed"
    assert run("contract", "new", folder, "--from", "mcp-performance").code == 0
    second = (folder / "improvement_payment.yaml").read_text(encoding="utf-8")
    second = second.replace("name: improvement_payment", "name: local").replace('value: "0.1"', 'value: "0.01"', 1)
    weighted = [line for line in second.splitlines() if 'value: "0.01"' in line]
    assert len(weighted) == 1
    # The first tenth in the file is the weight of demand; the pool is the one to change.
    second = second.replace('value: "0.01"', 'value: "0.1"').rpartition('value: "0.1"')
    (folder / "local.yaml").write_text("".join((second[0], 'value: "0.01"', second[2])), encoding="utf-8")
    head, *rows = YEAR.splitlines()
    lines = [f"scheme,{head}", *(f",{row}" for row in rows if not row.startswith("care_plan"))]
    lines += ["improvement_payment,care_plan,60,100,,", "local,care_plan,80,100,,"]
    year.write_text("\n".join(lines), encoding="utf-8")
    found = run("contract", "score", folder, "--inputs", year, *DAY, "--format", "json").json()
    # The local pool of .6m: .4 + .3 × .75 + .15 of it is .465m.
    assert {held["scheme"]: held["earned"] for held in found["schemes"]} == {
        "improvement_payment": "4200000.00", "local": "465000.00",
    }  # fmt: skip
    assert found["earned_together"] == "4665000.00"
    assert "All schemes" in run("contract", "score", folder, "--inputs", year, *DAY).out


def test_the_order_of_rows_changes_nothing(run, year):
    words = ("contract", "score", "mcp-performance", "--inputs", year, *DAY, "--format", "json")
    first = run(*words).out
    head, *rows = YEAR.splitlines()
    year.write_text("\n".join([head, *reversed(rows)]), encoding="utf-8")
    assert run(*words).out == first


def test_csv_has_a_row_for_each_measure_domain_total_and_sum(run, year):
    printed = run("contract", "score", "mcp-performance", "--inputs", year, *DAY, "--format", "csv").out
    kinds = [line.split(",")[1] for line in printed.splitlines()[1:]]
    assert {kind: kinds.count(kind) for kind in kinds} == {"measure": 7, "domain": 4, "total": 1, "money": 4}


def test_every_key_of_a_score_is_in_the_manual(run, year):
    found = set(keys(run("contract", "score", "mcp-performance", "--inputs", year, *DAY, "--format", "json").json()))
    documented = set(re.findall(r"`([a-z_]+)`", MANUAL.read_text(encoding="utf-8")))
    assert found <= documented, sorted(found - documented)


def test_chance_stands_beside_each_score(run, year):
    printed = run("contract", "score", "mcp-performance", "--inputs", year, *DAY).out
    assert "By chance alone, nineteen in twenty such years earn" in printed
    # Wilson's range of 65 in 100, and of the points that it makes.
    assert re.search(r"0\.5525 to.*0\.0636 to", printed)
    assert "nineteen in twenty" in printed


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEADER + "flu,1,2,,\n", "year.csv row 2, column 'measure': 'flu' is no measure and no input."),
        (HEADER + "care_plan,,,35%,\n", "year.csv row 2, column 'value': '35%' is no number. Write it as 0.35"),
        (HEADER + "care_plan,,,35,\n", "year.csv row 2: value is no proportion."),
        (HEADER + "care_plan,,,nan,\n", "'nan' is no number."),
        (HEADER + "care_plan,,,0.3,\ncare_plan,,,0.4,\n", "row 3, column 'measure': 'care_plan' is there twice"),
        (HEADER + "care_plan,5,,,\n", "year.csv row 2: has one of numerator and denominator."),
        (HEADER + "care_plan,5\n", "year.csv row 2: has more or fewer cells than there are columns."),
        (HEADER + "contract_value,1,2,,\n", "year.csv row 2: 'contract_value' is an input and has no value alone."),
        ("measure,value,colour\n", "year.csv row 1, column 'colour': is not known."),
        ("value\n", "year.csv: has no column 'measure'."),
        ("", "year.csv: has no column 'measure'."),
        (HEADER + "experience,,,0.8,\n", "input 'contract_value' (Contract value of the year"),
    ],
)
def test_a_file_that_is_wrong_is_told_with_row_column_and_mend(run, year, content, said):
    if content.startswith(HEADER) and "contract_value" not in content + said:
        content += "contract_value,,,1,\nexperience,,,0.8,\n"
    year.write_text(content, encoding="utf-8")
    ran = run("contract", "score", "mcp-performance", "--inputs", year, *DAY)
    assert ran.code == 3
    assert said in ran.err


def test_all_that_is_wrong_is_told_at_once(run, year):
    year.write_text(HEADER + "flu,1,2,,\ncare_plan,x,y,,\n", encoding="utf-8")
    ran = run("contract", "score", "mcp-performance", "--inputs", year, *DAY)
    assert len(ran.err.strip().splitlines()) == 3


def test_bytes_that_are_no_text_are_told(run, year):
    year.write_bytes(b"\xff\xfe\x00measure")
    ran = run("contract", "score", "mcp-performance", "--inputs", year, *DAY)
    assert (ran.code, "Save it as CSV" in ran.err) == (3, True)


def test_a_contract_without_a_scheme_says_so(run, year):
    ran = run("contract", "score", "mcp-gain-share", "--inputs", year, *DAY)
    assert (ran.code, "has no scheme of performance pay" in ran.err) == (10, True)


def test_a_day_before_the_terms_is_told(run, year):
    ran = run("contract", "score", "mcp-performance", "--inputs", year, "--on", "2016-04-01")
    assert (ran.code, "its first holds from 2024-04-01" in ran.err) == (8, True)


@pytest.mark.published
def test_published_scores_are_verified_by_kind(run, published_data, tmp_path):
    for file in sorted((published_data / "performance-pay").glob("*.csv")):
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        (tmp_path / file.name).write_text("".join(lines[:4]), encoding="utf-8")
    found = run("verify", "performance-pay", tmp_path, "--contract", "hvbp", "--format", "json").json()
    assert found["matched"] == found["of"] > 100
    assert found["hospitals"] == 3
    documented = set(re.findall(r"`([a-z_]+)`", MANUAL.read_text(encoding="utf-8")))
    assert set(keys(found)) <= documented, sorted(set(keys(found)) - documented)
    total = tmp_path / "hvbp_tps.csv"
    total.write_text(total.read_text(encoding="utf-8").replace("15.583333333333", "15.583333333334"), encoding="utf-8")
    printed = run("verify", "performance-pay", tmp_path, "--strict")
    assert printed.code == 9
    assert "010001, total performance score of total: published 15.583333" in printed.out


def test_a_folder_that_is_not_there_is_told(run, tmp_path):
    ran = run("verify", "performance-pay", tmp_path / "none")
    assert (ran.code, "There is no such folder" in ran.err) == (3, True)
