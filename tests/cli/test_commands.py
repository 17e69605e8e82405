"""Do the commands give what they promise, in every form they promise it?"""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from commonweal.cli import commonweal
from commonweal.opened import open_place

MONEY = re.compile(r"-?\d+\.\d\d")


def every_command():
    for name, command in sorted(commonweal.commands.items()):
        yield from ((name, sub) for sub in getattr(command, "commands", {"": None}))


@pytest.mark.parametrize("words", [(name, sub) if sub else (name,) for name, sub in every_command()])
def test_every_command_explains_itself(run, words):
    done = run(*words, "--help")
    assert done.code == 0
    assert done.out.startswith("Usage:")
    assert len(done.out.split("\n\n")[1].strip()) > 20


def test_the_budget_as_json_adds_up_by_service_line_practice_and_neighbourhood(run, place):
    run("form", place)
    held = run("budget", place, "--year", "2026-27", "--format", "json").json()
    whole = Decimal(held["cost_of_care"])
    for part in ("service_lines", "practices", "neighbourhoods"):
        assert sum(Decimal(row["cost_of_care"]) for row in held[part]) == whole
    assert sum(Decimal(row["in_budget"]) for row in held["service_lines"]) == Decimal(held["whole_population_budget"])


def test_the_budget_as_csv_is_the_same_money_as_the_json(run, made):
    whole = Decimal(run("budget", made, "--format", "json").json()["cost_of_care"])
    rows = list(csv.DictReader(io.StringIO(run("budget", made, "--format", "csv").out)))
    assert sum(Decimal(row["cost_of_care"]) for row in rows) == whole
    assert all(MONEY.fullmatch(row[key]) for row in rows for key in ("baseline", "in_budget", "cost_of_care"))


def test_the_quarters_are_shown_under_both_conventions(run, made):
    quarters = run("budget", made, "--format", "json").json()["quarters"]
    assert {(row["quarter"], row["convention"]) for row in quarters} == {
        (f"2026-27 Q{n}", convention) for n in (1, 2, 3, 4) for convention in ("trigger", "deductible")
    }


def test_a_figure_is_explained_down_to_its_sources(run, made):
    code = run("budget", made, "--format", "json").json()["practices"][0]["practice_code"]
    done = run("budget", made, "--practice", code, "--service-line", "community")
    assert done.code == 0
    assert "national cost per head" in done.out
    assert "illustrative:" in done.out


def test_the_options_conserve_the_cost_of_care_for_every_practice(run, made):
    held = run("options", made, "--format", "json").json()
    parts = ("in_budget", "performance_pay", "stays_with_practices", "existing_contracts")
    assert [option["option"] for option in held["options"]] == ["virtual", "partial", "full", "as_agreed"]
    for option in held["options"]:
        for row in (option, *option["practices"], *option["service_lines"]):
            assert sum(Decimal(row[part]) for part in parts) == Decimal(row["cost_of_care"])


def test_a_practice_managers_page_shows_where_every_income_line_goes_and_the_way_back(run, made):
    code = run("options", made, "--format", "json").json()["options"][0]["practices"][0]["practice_code"]
    page = run("options", made, "--practice", code, "--format", "json").json()
    assert all(line[f"{option}_goes_to"] for line in page["income_lines"] for option in ("virtual", "partial", "full"))
    assert all(Decimal(total["difference"]) == 0 for total in page["totals"])
    assert page["way_back_dates"]["windows"]


def test_a_statement_balances_and_is_written_in_four_forms(run, place, tmp_path):
    out = tmp_path / "statements"
    held = run("statement", place, "--month", "2026-05", "--out", out, "--format", "json").json()
    balance = {key: Decimal(value) for key, value in held["balance"].items()}
    assert balance["received"] == balance["paid"] + balance["held"] + balance["owed"] > 0
    assert sorted(path.suffix for path in out.iterdir()) == [".beancount", ".csv", ".pdf", ".xlsx"]


def test_form_writes_the_neighbourhoods_into_the_folder_and_draws_the_map(run, place, tmp_path):
    drawing = tmp_path / "map.svg"
    held = run("form", place, "--map", drawing, "--format", "json").json()
    assert held["proven"]
    assert all(30_000 <= n["people"] <= 50_000 for n in held["neighbourhoods"])
    assert held["next_best"]
    assert drawing.read_text(encoding="utf-8").lstrip().startswith("<svg")
    assert (place / "neighbourhoods.yaml").is_file()


def test_a_dry_run_of_form_writes_nothing(run, place):
    run("form", place, "--dry-run")
    assert not (place / "neighbourhoods.yaml").exists()


def test_build_publishes_a_store_and_keeps_the_plans_proof(run, place):
    held = run("build", place, "--format", "json").json()
    assert (place / "out" / "current").read_text(encoding="utf-8").strip() in held["store"]
    again = run("build", place, "--format", "json").json()
    assert "proven" in run("form", place, "--dry-run", "--format", "json").out
    assert again["cost_of_care"] == held["cost_of_care"]


def test_a_practice_joins_and_the_budget_in_force_follows(run, place):
    code = run("options", place, "--format", "json").json()["options"][0]["practices"][-1]["practice_code"]
    before = run("options", place, "--format", "json").json()["options"][-1]
    assert run("participate", place, code, "full", "--from", "2026-04-01").code == 0
    after = run("options", place, "--format", "json").json()["options"][-1]
    assert code in after["practices_taking_part"]
    assert Decimal(after["in_budget"]) > Decimal(before["in_budget"])


def test_verify_prints_how_much_matched_and_fails_only_when_asked_to_be_strict(run, made):
    payments = sorted((made / "lists").glob("*payments*2022*"))[0]
    done = run("verify", "practice-payments", payments, "--strict")
    assert re.search(r"matched [\d,]+ of [\d,]+", done.out)
    assert done.code == 0


def test_a_report_is_a_folder_that_opens_offline(run, place):
    done = run("report", place)
    assert done.code == 0
    folder = place / "out" / "report"
    assert (folder / "index.html").is_file()
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")
    assert "http://" not in re.sub(r'xmlns="[^"]*"', "", (folder / "index.html").read_text(encoding="utf-8"))


def test_the_installed_command_runs_in_a_process_of_its_own_and_hands_on_its_exit_code(tmp_path):
    words = [sys.executable, "-c", "from commonweal.cli import main; main()", "check", str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert done.stdout == ""
    assert "place.yaml" in done.stderr


def test_a_row_of_a_statement_is_explained_by_its_lasting_name(run, made):
    rows = run("statement", made, "--month", "2026-04", "--format", "json").json()["rows"]
    row = next(row for row in rows if row["direction"] == "paid" and row["practice_code"])
    why = run("statement", made, "--month", "2026-04", "--why", row["explanation_id"], "--format", "json").json()
    assert why["explanations"][0]["value"] == row["amount"]
    assert why["explanations"][0]["parts"]


def test_the_same_place_built_twice_gives_the_same_store_byte_for_byte(run, made, tmp_path):
    stores = []
    for name in ("one", "two"):
        place = shutil.copytree(made, tmp_path / name / "place")
        stores.append(Path(run("build", place, "--format", "json").json()["store"]))
    assert stores[0].name == stores[1].name
    files = sorted(path.name for path in stores[0].iterdir())
    assert files == sorted(path.name for path in stores[1].iterdir())
    assert all((stores[0] / name).read_bytes() == (stores[1] / name).read_bytes() for name in files)


def test_a_plan_that_was_formed_keeps_its_proof_and_its_next_best_plans_when_the_place_is_built(run, place):
    formed = run("form", place, "--format", "json").json()
    run("build", place)
    kept = open_place(place).formed().formation
    assert formed["proven"]
    assert kept.proven
    assert len(kept.alternatives) == len(formed["next_best"]) > 0


def test_neighbourhoods_changed_by_hand_are_kept_and_no_proof_is_claimed_for_them(run, place):
    run("form", place)
    path = place / "neighbourhoods.yaml"
    before = open_place(place).place.neighbourhoods
    moved, other = before["N1"].practice_codes[0], before["N2"].practice_codes[0]
    text = path.read_text(encoding="utf-8").replace(moved, "SWAP").replace(other, moved).replace("SWAP", other)
    path.write_text(text, encoding="utf-8")
    kept = open_place(place).formed().formation
    assert not kept.proven
    assert moved in next(n for n in kept.neighbourhoods if n.code == "N2").practice_codes
