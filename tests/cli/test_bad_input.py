"""Does every kind of bad input get one clear message, an exit code of its own, and lose nothing?"""

from __future__ import annotations

import shutil

import pytest


def one_clear_message(done, code: int, *words: str) -> None:
    assert done.code == code, done.err
    assert "Traceback" not in done.err
    assert len(done.err.strip().splitlines()) == 1, done.err
    for word in words:
        assert word in done.err


@pytest.fixture
def published(place, tmp_path):
    return shutil.copytree(place / "lists", tmp_path / "published")


def new(run, published, folder, *options):
    return run("new", folder, "--name", "Test", "--practices-from", published, *options)


def test_a_folder_that_is_not_a_place(run, tmp_path):
    one_clear_message(run("check", tmp_path), 4, "place.yaml")
    one_clear_message(run("budget", tmp_path / "nowhere"), 4, "no such folder")


def test_an_unknown_practice_code(run, published, tmp_path):
    one_clear_message(new(run, published, tmp_path / "p", "--practice", "A99999"), 3, "A99999")
    assert not (tmp_path / "p").exists()


def test_an_empty_selection(run, published, tmp_path):
    one_clear_message(new(run, published, tmp_path / "p"), 3)
    assert not (tmp_path / "p").exists()


def test_a_missing_column(run, published, tmp_path):
    path = next(published.glob("*need*"))
    head, rest = path.read_text(encoding="utf-8-sig").split("\n", 1)
    path.write_text(head.replace("CS WP", "Something") + "\n" + rest, encoding="utf-8")
    one_clear_message(new(run, published, tmp_path / "p", "--lad", "Wherrydale"), 3, path.name, "CS WP")


def test_two_files_of_different_years(run, published, tmp_path):
    path = next(published.glob("*need*"))
    text = path.read_text(encoding="utf-8-sig").replace("pop 2022/23", "pop 2018/19")
    path.write_text(text, encoding="utf-8")
    one_clear_message(new(run, published, tmp_path / "p", "--lad", "Wherrydale"), 3, "different years")


@pytest.mark.parametrize("bad", ["12a3", "-500"])
def test_a_letter_in_a_number_and_a_negative_list_are_findings_that_name_the_cell(run, place, bad):
    path = next((place / "lists").glob("*need*"))
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    column = lines[0].split(",").index("Patients")
    cells = lines[1].split(",")
    cells[column] = bad
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", encoding="utf-8")
    findings = run("check", place, "--all", "--format", "json").json()["findings"]
    named = [f for f in findings if f["file"] == path.name and f["row"] == 2 and f["column"] == "Patients"]
    assert named
    assert all(f["mend"] for f in named)


def test_a_build_with_errors_stops_before_it_publishes_and_the_last_good_store_stays(run, place):
    assert run("build", place).code == 0
    good = (place / "out" / "current").read_bytes()
    path = next((place / "lists").glob("*need*"))
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    code = next(line for line in (place / "place.yaml").read_text(encoding="utf-8").splitlines() if "- X" in line)
    wanted = code.split("- ")[1].split()[0]
    broken = [line.replace(",", ",x", 1) if line.startswith(wanted) else line for line in lines]
    column = lines[0].split(",").index("Patients")
    for number, line in enumerate(broken):
        if line.startswith(wanted):
            cells = line.split(",")
            cells[column] = "many"
            broken[number] = ",".join(cells)
    path.write_text("\n".join(broken) + "\n", encoding="utf-8")
    done = run("build", place)
    assert done.code in (3, 6)
    assert "Traceback" not in done.err
    assert (place / "out" / "current").read_bytes() == good


def test_a_place_that_exists_is_not_written_over(run, place, published):
    before = (place / "place.yaml").read_bytes()
    one_clear_message(new(run, published, place, "--lad", "Wherrydale"), 4, "already")
    assert (place / "place.yaml").read_bytes() == before


def test_a_year_that_is_no_year(run, made):
    one_clear_message(run("budget", made, "--year", "2026"), 3, "2026-27")


def test_a_month_outside_the_contract(run, made):
    one_clear_message(run("statement", made, "--month", "2026-13"), 3, "2026-04")
    one_clear_message(run("statement", made, "--month", "2025-04"), 3)


def test_a_practice_that_is_not_of_the_place(run, made):
    one_clear_message(run("options", made, "--practice", "A81001"), 3, "A81001")
    one_clear_message(run("participate", made, "A81001", "full", "--from", "2026-04-01"), 3, "A81001")


def test_a_breach_names_the_rule_and_the_earliest_lawful_date(run, place):
    code = "X90001"
    done = run("participate", place, code, "--notice", "2026-05-01", "--reactivate", "2027-04-01", "--partners-agree")
    one_clear_message(done, 5, "2028-04-01")
    assert "X90001,notice" not in (place / "participation.csv").read_text(encoding="utf-8")


def test_pairs_that_contradict_each_other(run, made):
    pair = "X90001,X90002"
    one_clear_message(run("form", made, "--together", pair, "--apart", pair, "--dry-run"), 3, "X90001")


def test_a_wrong_option_is_a_usage_error(run, made):
    done = run("form", made, "--keep-pcn", "sometimes")
    assert done.code == 2
    assert "Traceback" not in done.err


def test_bounds_that_cannot_be_met_give_the_nearest_plan_and_say_so(run, made):
    done = run("form", made, "--smallest", "55000", "--largest", "58000", "--dry-run", "--format", "json")
    held = done.json()
    assert held["status"] == "relaxed"
    assert held["people_outside_bounds"] > 0
    assert held["notes"]


def test_bounds_that_cannot_be_met_write_nothing_and_end_as_infeasible_when_asked_to_be_strict(run, place):
    done = run("form", place, "--smallest", "55000", "--largest", "58000", "--strict")
    assert done.code == 7
    assert "outside" in done.out
    assert not (place / "neighbourhoods.yaml").exists()


def test_bounds_that_cannot_be_met_keep_the_nearest_plan_unless_strict(run, place):
    assert run("form", place, "--smallest", "55000", "--largest", "58000").code == 0
    assert (place / "neighbourhoods.yaml").exists()


def test_a_file_that_is_not_there_to_verify(run, tmp_path):
    one_clear_message(run("verify", "practice-payments", tmp_path / "none.csv"), 3, "no such file")
