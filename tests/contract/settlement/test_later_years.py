"""Do the dated values of the Medicare tracks settle 2019 to 2024, in the columns of the file of 2014 to 2018?

Every row was worked out by hand from the rules; nothing here is a published result.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from commonweal.contract.settlement.settlement_verification import SettlementVerification, verify_settlements

HEADER = (
    "aco_id,aco_name,performance_year,track,risk_model,rev_exp_cat,agree_type,agreement_period_num,initial_start_date,"
    "current_start_date,assign_type,n_ab,n_ab_year_py,sav_rate,minsavperc,bnchmkminexp,gensaveloss,disadj,earnsaveloss,"
    "met_qps,qualscore,updatedbnchmk,histbnchmk,abtotbnchmk,abtotexp,adv_pay_amt,adv_pay_recoup,maxsharerate,"
    "finalsharerate,revlosslimit,met_30pctl,prorate_shared_losses,disaffqual,met_altqps,finallossrate,"
    "impact_mid_year_termination,reducedss,met_40pctl,aip,aiprecoup,finaladjcat,guardrail"
)
COLUMNS = next(csv.reader([HEADER]))

# Year, track, benchmark and expenditure in thousands, minimum rate, quality, what was paid; then columns that differ.
ROWS = {
    "2019 track 1: .5 x .9 of 5m, no sequestration": (
        2019, "T1", 100_000, 95_000, ".03", ".9", 2_250_000, {"finalsharerate": ".45"}),
    "2019 BASIC A: .4 x .9 of 5m": (
        2019, "A", 100_000, 95_000, ".03", ".9", 1_800_000, {"finalsharerate": ".36"}),
    "2019 six months, track 3: .4 of 4m less half of .2m of relief": (
        2019, "T3", 50_000, 54_000, ".02", "1", -1_500_000,
        {"disadj": "-200000", "updatedbnchmk": "10000", "n_ab_year_py": "10000"}),
    "2019 twelve months, track 3: .4 of 4m less all of .2m of relief": (
        2019, "T3", 100_000, 104_000, ".02", "1", -1_400_000,
        {"disadj": "-200000", "updatedbnchmk": "10000", "n_ab_year_py": "10000"}),
    "2019 six months by its start, ENHANCED": (
        2019, "EN", 50_000, 54_000, ".02", "1", -1_500_000,
        {"disadj": "-200000", "current_start_date": "7/1/2019 0:00"}),
    "2019 a loss of one that shares none is shown and not charged": (
        2019, "B", 100_000, 110_000, ".03", "1", 0, {"gensaveloss": "-10000000"}),
    "2020 BASIC E: .5 x .95 of 10m, no sequestration": (
        2020, "E", 200_000, 190_000, ".02", ".95", 4_750_000, {"finalsharerate": ".475"}),
    "2020 BASIC C: .3 of 5m held to 1 % of the benchmark, less relief": (
        2020, "C", 100_000, 105_000, ".02", "1", -600_000, {"disadj": "-400000"}),
    "2020 BASIC D: .3 of 5m is 1.5m, wiped out by relief": (
        2020, "D", 100_000, 105_000, ".02", "1", 0, {"disadj": "-1600000"}),
    "2021 BASIC B: .4 of 4m, whatever the quality, less 2 %": (
        2021, "B", 100_000, 96_000, ".03", ".7", 1_568_000, {"finalsharerate": ".4", "maxsharerate": ".4"}),
    "2021 BASIC A: the standard was not met": (
        2021, "A", 100_000, 96_000, ".03", ".2", 0, {"met_qps": "0", "finalsharerate": "0"}),
    "2021 ENHANCED: .75 x .98 of 40m is 29.4m, held to 20 % of the benchmark": (
        2021, "EN", 100_000, 60_000, ".02", "1", 20_000_000, {"finalsharerate": ".75"}),
    "2022 BASIC E: .3 of 20m is 6m, held to 4 % of the benchmark": (
        2022, "E", 100_000, 120_000, ".02", "1", -4_000_000, {}),
    "2022 BASIC D: .3 of 20m is 6m, held to 2 % of the benchmark": (
        2022, "D", 100_000, 120_000, ".02", "1", -2_000_000, {}),
    "2023 BASIC C: .5 of 3m less 2 %": (
        2023, "C", 100_000, 97_000, ".02", ".8", 1_470_000, {"finalsharerate": ".5", "finallossrate": ".3"}),
    "2023 ENHANCED: the alternative standard, .75 x .8 of 10m less 2 %": (
        2023, "EN", 100_000, 90_000, ".01", ".8", 5_880_000,
        {"met_qps": "0", "met_altqps": "1", "finalsharerate": ".6", "finallossrate": ".4"}),
    "2023 ENHANCED: 1 - .75 x .5 of 10m of losses": (
        2023, "EN", 100_000, 110_000, ".01", ".5", -6_250_000, {"finallossrate": ".625", "finalsharerate": ".75"}),
    "2023 ENHANCED: the standard was not met, .75 of 10m of losses": (
        2023, "EN", 100_000, 110_000, ".01", ".5", -7_500_000,
        {"met_qps": "0", "met_altqps": "0", "finallossrate": ".75", "finalsharerate": "0"}),
    "2023 within the minimum rate": (
        2023, "E", 100_000, 99_500, ".01", ".5", 0, {"gensaveloss": "0", "finallossrate": ".3"}),
    "2024 BASIC C, new and of low revenue: half of .5 of 1m less 2 %": (
        2024, "C", 100_000, 99_000, ".02", ".9", 245_000,
        {"reducedss": "1", "finalsharerate": ".25", "gensaveloss": "1000000"}),
    "2024 BASIC E elected no minimum rate: .5 of .1m less 2 %": (
        2024, "E", 100_000, 99_900, "0", ".9", 49_000, {"finalsharerate": ".5", "finallossrate": ".3"}),
    "2024 ENHANCED, closed by the guardrail": (
        2024, "EN", 100_000, 97_000, ".01", ".9", 0, {"guardrail": "1", "gensaveloss": "0"}),
    "2024 ENHANCED, a loss closed by the guardrail": (
        2024, "EN", 100_000, 103_000, ".01", ".9", 0, {"guardrail": "1", "gensaveloss": "0"}),
}  # fmt: skip
ONE_SIDED = {"T1", "A", "B"}


def published_row(held: tuple) -> dict[str, str]:
    year, track, benchmark, expenditure, least, quality, paid, others = held
    difference = (benchmark - expenditure) * 1000
    past = abs(difference) >= float(least) * benchmark * 1000 and (difference > 0 or track not in ONE_SIDED)
    return {
        "performance_year": str(year),
        "track": track,
        "n_ab": "10000",
        "minsavperc": least,
        "abtotbnchmk": f"{benchmark * 1000}.0",
        "abtotexp": f"{expenditure * 1000}.0",
        "qualscore": quality,
        "met_qps": "1",
        "earnsaveloss": str(paid),
        "bnchmkminexp": str(difference),
        "sav_rate": f"{difference / benchmark / 1000:.4f}",
        "gensaveloss": str(difference if past else 0),
        **others,
    }


def written(folder: Path, rows: list[dict[str, str]], columns: list[str] = COLUMNS) -> Path:
    with (folder / "results.csv").open("w", newline="") as file:
        out = csv.DictWriter(file, columns, restval="")
        out.writeheader()
        out.writerows(rows)
    return folder / "results.csv"


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> SettlementVerification:
    rows = [published_row(held) for held in ROWS.values()]
    return verify_settlements(written(tmp_path_factory.mktemp("later"), rows))


@pytest.mark.parametrize("name", ROWS)
def test_a_row_of_a_later_year_is_settled_as_by_hand_in_every_column(name, found):
    row = found.rows[list(ROWS).index(name)]
    assert abs(row.recomputed - ROWS[name][6]) < 1
    assert [(c.column, c.published, c.recomputed) for c in row.columns if not c.matched] == []
    assert {"bnchmkminexp", "sav_rate"} <= {c.column for c in row.columns}


def test_a_file_of_all_later_years_matches_whole_and_counts_its_columns(found):
    assert (found.matched, found.of) == (len(ROWS), len(ROWS))
    assert all(matched == of for matched, of in found.columns.values())
    assert set(found.columns) == {
        "bnchmkminexp", "sav_rate", "minsavperc", "gensaveloss", "maxsharerate", "finalsharerate", "finallossrate"
    }  # fmt: skip


LOSS = (2022, "E", 100_000, 120_000, ".02", "1", -800_000, {"revlosslimit": "1"})


def test_without_the_revenue_a_smaller_published_loss_is_told_and_not_matched(tmp_path):
    (row,) = verify_settlements(written(tmp_path, [published_row(LOSS)])).rows
    assert not row.matched
    assert "revenue, which is not published" in row.reason
    assert "marks it so" in row.reason
    assert row.settlement.notes == (
        "Held to the limit by revenue: not limited, as 'revenue' (Fee-for-service revenue of the organisation) was not "
        "given.",
    )


def test_a_larger_published_loss_has_no_such_reason(tmp_path):
    (row,) = verify_settlements(written(tmp_path, [published_row((*LOSS[:6], -5_000_000, {}))])).rows
    assert not row.matched
    assert row.reason == ""


def test_with_the_revenue_the_loss_is_held_to_eight_percent_of_it(tmp_path):
    # .3 of 20m is 6m; 4 % of the benchmark is 4m; 8 % of 10m of revenue is .8m.
    row = {**published_row(LOSS), "revenue": "10000000"}
    found = verify_settlements(written(tmp_path, [row], [*COLUMNS, "revenue"]))
    assert found.matched == 1
    assert found.rows[0].settlement.notes == ()


def test_a_flagged_guardrail_with_losses_generated_settles_on_the_benchmark_of_the_row(tmp_path):
    held = (2024, "EN", 100_000, 110_000, ".01", "1", -4_000_000, {"guardrail": "1"})
    assert verify_settlements(written(tmp_path, [published_row(held)])).matched == 1
