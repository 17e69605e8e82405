"""Are published files recognised by their columns, and is every cell read exactly or reported?"""

from __future__ import annotations

import gzip
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import ibis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.core.engine import duckdb_engine
from commonweal.core.errors import InputError
from commonweal.core.findings import Finding
from commonweal.core.tables import ColumnDefinition
from commonweal.place.published.cells import value_of
from commonweal.place.published.forms import month_in_name, year_in_name
from commonweal.place.published.reading import Published, published_paths, read_published
from commonweal.place.published.text import published_texts, text_table

from .conftest import rewrite, setting

NEED, PAID = "need_weighted_populations.csv", "gp_payments_2022-23.csv"
AGES, DEPRIVATION = "practice_age_bands_2026-04.csv", "practice_deprivation.csv"
COUNTED, PLACES = "gp-reg-pat-prac-all-2026-04.csv", "practice_locations.csv"


def read(*paths: Path) -> Published:
    return read_published(duckdb_engine(), paths, allow_years_apart=True)


def rows(published: Published, name: str) -> list[dict[str, object]]:
    return published.tables[name].order_by("file", "row").to_pyarrow().to_pylist()


def found(published: Published, rule: str) -> list[Finding]:
    return [finding for finding in published.findings if finding.rule == rule]


def test_every_form_is_recognised_under_any_name(files: Path) -> None:
    for number, path in enumerate(sorted(files.glob("*.csv"))):
        path.rename(files / f"{number}.csv")
    read_again = read_published(duckdb_engine(), published_paths(files))
    assert sorted(file.form for file in read_again.files) == sorted(
        [
            *("need_populations", "locations", "memberships", *["payment_practices"] * 2, *["list_counts"] * 5),
            *("practice_demographics", "practice_age_bands", "practice_deprivation"),
        ]
    )
    assert (read_again.baseline_year, read_again.need_year) == ("2022-23", "2022-23")


def test_headings_may_differ_in_case_and_spaces(files: Path) -> None:
    def change(held: list[list[str]]) -> None:
        held[0] = [f"  {heading.upper()} " for heading in held[0]]

    rewrite(files / PAID, change)
    assert [file.form for file in read(files / PAID).files] == ["payment_practices"]


@pytest.mark.parametrize("form", [NEED, PAID, COUNTED])
def test_a_gzipped_or_zipped_file_reads_as_the_file_itself(files: Path, tmp_path: Path, form: str) -> None:
    packed, archive = tmp_path / f"{form}.gz", tmp_path / "all.zip"
    packed.write_bytes(gzip.compress((files / form).read_bytes()))
    with zipfile.ZipFile(archive, "w") as opened:
        opened.write(files / form, form)
        opened.writestr("notes.txt", "not a table")
    plain = read(files / form)
    for other in (read(packed), read(archive)):
        for name in (plain.files[0].form, "payment_lines"):
            expected = [{**row, "file": ""} for row in rows(plain, name)]
            assert [{**row, "file": ""} for row in rows(other, name)] == expected


def test_windows_text_is_read_and_said(files: Path) -> None:
    text = (files / NEED).read_text(encoding="utf-8").replace("Wherry Staithe PCN", "Café Staithe PCN")
    (files / NEED).write_bytes(text.encode("cp1252"))
    published = read(files / NEED)
    assert rows(published, "need_populations")[0]["pcn_name"] == "Café Staithe PCN"
    assert [finding.severity for finding in found(published, "file-encoding")] == ["note"]


def test_a_byte_order_mark_is_no_part_of_the_first_heading(files: Path) -> None:
    (files / NEED).write_bytes(b"\xef\xbb\xbf" + (files / NEED).read_bytes())
    assert read(files / NEED).files[0].form == "need_populations"


def test_rows_are_counted_as_a_spreadsheet_counts_them(files: Path) -> None:
    """A quoted line break stays in its row; a blank line is a row of its own."""

    def change(held: list[list[str]]) -> None:
        held[1][held[0].index("Practice Name")] = "TWO\nLINES"
        held.insert(3, [])
        held[6][held[0].index("Global Sum")] = "12x"

    rewrite(files / PAID, change)
    published = read(files / PAID)
    assert rows(published, "payment_practices")[0]["practice_name"] == "TWO\nLINES"
    assert [finding.row for finding in found(published, "number-malformed")] == [7]


def test_a_short_row_is_read_as_far_as_it_goes(files: Path) -> None:
    def change(held: list[list[str]]) -> None:
        del held[1][held[0].index("Final WP") - 1 :]

    rewrite(files / NEED, change)
    first = rows(read(files / NEED), "need_populations")[0]
    assert first["prescribing"] is None
    assert first["maternity"] is not None


def test_a_long_row_is_reported(files: Path) -> None:
    rewrite(files / NEED, lambda held: held[4].append("astray"))
    assert [(f.severity, f.row) for f in found(read(files / NEED), "row-too-long")] == [("error", 5)]


def test_an_open_quotation_mark_is_refused_rather_than_swallowing_rows(files: Path) -> None:
    text = (files / NEED).read_text(encoding="utf-8").splitlines()
    text[3] = text[3].replace("X90003,", 'X90003,"', 1)
    (files / NEED).write_text("\n".join(text), encoding="utf-8")
    with pytest.raises(InputError, match="never closed") as refused:
        read(files / NEED)
    assert refused.value.where == f"{NEED}, line 4"


def test_numbers_are_exact_decimals_as_published(files: Path) -> None:
    rewrite(files / NEED, setting(2, "Final WP", "9.123456789"))
    assert rows(read(files / NEED), "need_populations")[0]["final"] == Decimal("9.123456789")


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=2))
def test_any_amount_in_pence_is_read_to_the_penny(amount: Decimal) -> None:
    assert value_read("decimal(18, 2)", f"{amount:f}") == amount
    assert value_read("decimal(18, 2)", f"{amount:,f}") == amount


@given(st.from_regex(r"[0-9]{1,6}\.[0-9]{2}[1-9]", fullmatch=True))
def test_a_number_finer_than_its_column_is_never_rounded(text: str) -> None:
    assert value_read("decimal(18, 2)", text) is None


@pytest.mark.parametrize("text", ["12O4", "1,23", "--5", "1e3", "£5", "5-", "NaN", "."])
def test_what_is_no_number_is_not_read_as_one(text: str) -> None:
    assert value_read("decimal(18, 2)", text) is None


@pytest.mark.parametrize("text", ["01/04/1974", "1974-04-01", "19740401", "19740401.0", "01APR1974", "01Apr1974"])
def test_days_are_read_in_every_published_form(text: str) -> None:
    assert value_read("date", text) == date(1974, 4, 1)


@pytest.mark.parametrize("text", ["31/02/2021", "1974", "04/1974", "01AVR1974"])
def test_a_day_that_is_none_is_not_read(text: str) -> None:
    assert value_read("date", text) is None


def value_read(type_: str, text: str) -> object:
    column = ColumnDefinition("held", type_, "", "", False, "", "", ())
    return ENGINE.to_pyarrow(value_of(column, ibis.literal(text))).as_py()


ENGINE = duckdb_engine()


def test_corrections_are_read_as_they_are(files: Path) -> None:
    rewrite(files / PAID, setting(2, "Minor Surgery", "-10.06"))
    lines = [r for r in rows(read(files / PAID), "payment_lines") if r["row"] == 2]
    assert next(r["amount"] for r in lines if r["payment_line"] == "minor_surgery") == Decimal("-10.06")


def test_a_practice_in_no_network_has_none(files: Path) -> None:
    rewrite(files / NEED, setting(2, "PCN_Code", "U"))
    assert rows(read(files / NEED), "need_populations")[0]["pcn_code"] is None


@pytest.mark.parametrize(
    ("heading", "text", "rule", "severity", "column"),
    [
        ("Practice_Postcode", "NOWHERE", "postcode-malformed", "warning", "postcode"),
        ("Latitude", "99", "number-out-of-range", "warning", "latitude"),
        ("Patients", "12.5", "number-malformed", "error", "registered_people"),
        ("Patients", "-3", "number-negative", "error", "registered_people"),
        ("pop 2022/23", "many", "number-malformed", "error", "projected_people"),
    ],
)
def test_a_cell_that_cannot_be_read_is_blank_and_says_where(
    files: Path, heading: str, text: str, rule: str, severity: str, column: str
) -> None:
    rewrite(files / NEED, setting(4, heading, text))
    published = read(files / NEED)
    (finding,) = found(published, rule)
    where = (finding.severity, finding.file, finding.row, finding.column, finding.practice_code)
    assert where == (severity, NEED, 4, heading, "X90003")
    assert text in finding.message
    assert finding.mend
    assert rows(published, "need_populations")[2][column] is None


@pytest.mark.parametrize(("text", "rule"), [("X9", "code-malformed"), ("", "code-missing")])
def test_a_row_without_a_readable_code_is_kept_out(files: Path, text: str, rule: str) -> None:
    rewrite(files / PAID, setting(3, "Practice Code", text))
    published = read(files / PAID)
    assert [finding.row for finding in found(published, rule)] == [3]
    for name in ("payment_practices", "payment_lines", "payment_totals"):
        assert 3 not in {row["row"] for row in rows(published, name)}


def test_of_two_rows_of_one_practice_the_first_counts(files: Path) -> None:
    rewrite(files / PAID, lambda held: held.append(list(held[1])))
    published = read(files / PAID)
    (finding,) = found(published, "code-duplicated")
    assert (finding.row, finding.practice_code, finding.severity) == (62, "X90001", "error")
    assert 62 not in {row["row"] for row in rows(published, "payment_lines")}


def test_of_two_locations_the_open_one_counts(files: Path) -> None:
    rewrite(
        files / PLACES, lambda held: held.insert(1, ["X90001", "gone", "ZZ99 1AA", "20200101", "20210101", "54", "1"])
    )
    places = {row["practice_code"]: row for row in rows(read(files / PLACES), "locations")}
    assert places["X90001"]["closed"] is None


def test_a_payment_with_an_unknown_heading_is_reported(files: Path) -> None:
    def change(held: list[list[str]]) -> None:
        for number, row in enumerate(held):
            row.append("Quantum Scheme" if number == 0 else "5")

    rewrite(files / PAID, change)
    assert [f.column for f in found(read(files / PAID), "payment-line-unknown")] == ["Quantum Scheme"]


def test_an_unrecognised_file_is_noted_and_left(files: Path) -> None:
    (files / "weather.csv").write_text("day,rain\n1,2\n")
    published = read(files / "weather.csv", files / NEED)
    assert [f.file for f in found(published, "file-unrecognised")] == ["weather.csv"]
    assert [f.form for f in published.files] == ["need_populations"]


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("gp_payments_2022-23.csv", "2022-23"),
        ("payments_2021_22.csv.gz", "2021-22"),
        ("2018-2019.csv", "2018-19"),
        ("payments.csv", ""),
        ("from_2022-25.csv", ""),
        ("2021-22_and_2022-23.csv", ""),
    ],
)
def test_a_file_name_says_a_year_or_none(name: str, year: str) -> None:
    assert year_in_name(name) == year


def test_a_name_that_disagrees_with_the_columns_is_reported(files: Path) -> None:
    (files / PAID).rename(files / "gp_payments_2019-20.csv")
    published = read(files / "gp_payments_2019-20.csv")
    assert published.files[0].years == ("2019-20",)
    assert "columns say 2022-23" in found(published, "year-disagrees")[0].message


def test_of_several_years_of_payments_the_latest_is_the_baseline(made_up: Published) -> None:
    assert made_up.baseline_year == "2022-23"
    assert [f.file for f in found(made_up, "not-the-baseline-year")] == ["gp_payments_2021-22.csv"]


def test_only_totals_of_registered_lists_are_read(files: Path) -> None:
    def change(held: list[list[str]]) -> None:
        detail = list(held[1])
        detail[held[0].index("SEX")], detail[held[0].index("AGE")] = "MALE", "17"
        held.insert(1, detail)

    rewrite(files / COUNTED, change)
    published = read(files / COUNTED)
    assert len(rows(published, "list_counts")) == 60
    assert not found(published, "code-duplicated")


def test_every_cell_reaches_the_engine_unchanged(files: Path) -> None:
    (text,) = published_texts(files / PAID)
    held = text_table(duckdb_engine(), text).order_by("row").to_pyarrow()
    import csv

    expected = list(csv.reader((files / PAID).read_text(encoding="utf-8").splitlines()))[1:]
    cells = [held[f"c{n}"].to_pylist() for n in range(len(text.headings))]
    assert [[cell or "" for cell in row] for row in zip(*cells, strict=True)] == expected


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("practice_age_bands_2020-04.csv", "2020-04"),
        ("ages-2026_12.csv", "2026-12"),
        ("ages_2022-23.csv", ""),
        ("ages_2020-04-01.csv", "2020-04"),
        ("ages.csv", ""),
        ("ages_2020-04_2021-04.csv", ""),
    ],
)
def test_a_file_name_says_a_month_or_none(name: str, month: str) -> None:
    assert month_in_name(name) == month


def test_lists_by_age_are_of_the_month_their_name_says(files: Path) -> None:
    published = read(files / AGES)
    assert published.files[0].years == ("2026-04",)
    assert {row["month"] for row in rows(published, "practice_age_bands")} == {"2026-04"}


def test_two_lists_by_age_of_one_month_are_refused(files: Path) -> None:
    (files / "again_2026-04.csv").write_bytes((files / AGES).read_bytes())
    with pytest.raises(InputError, match="two files of practice lists by age for 2026-04"):
        read(files / AGES, files / "again_2026-04.csv")


@pytest.mark.parametrize(
    ("file", "heading", "text", "rule", "column"),
    [
        ("practice_demographics_2026-04.csv", "Percent_male", "1.2", "number-out-of-range", "male_share"),
        ("practice_demographics_2026-04.csv", "65+", "-4", "number-negative", "aged_65"),
        ("practice_age_bands_2026-04.csv", "50OV", "many", "number-malformed", "aged_50"),
        ("practice_deprivation.csv", "Value", "101", "number-out-of-range", "score"),
    ],
)
def test_a_cell_about_people_that_cannot_be_read_is_blank_and_says_where(
    files: Path, file: str, heading: str, text: str, rule: str, column: str
) -> None:
    rewrite(files / file, setting(2, heading, text))
    published = read(files / file)
    (finding,) = found(published, rule)
    assert (finding.severity, finding.row, finding.column) == ("error", 2, heading)
    assert rows(published, published.files[0].form)[0][column] is None


def test_deprivation_is_kept_for_every_year_of_the_index(files: Path) -> None:
    published = read(files / DEPRIVATION)
    assert published.files[0].years == ("2019", "2025")
    assert published.files[0].rows == 2 * 60


def test_of_two_scores_of_one_practice_and_year_the_first_counts(files: Path) -> None:
    rewrite(files / DEPRIVATION, lambda held: held.append([*held[1][:-1], "99"]))
    published = read(files / DEPRIVATION)
    (finding,) = found(published, "code-duplicated")
    assert (finding.row, finding.practice_code) == (122, "X90001")
    assert "2019, X90001" in finding.message


def test_other_indicators_in_the_same_form_are_not_taken_for_deprivation(files: Path) -> None:
    def change(held: list[list[str]]) -> None:
        held[1:] = [["1", *row[1:]] for row in held[1:]]

    rewrite(files / DEPRIVATION, change)
    published = read(files / DEPRIVATION)
    assert rows(published, "practice_deprivation") == []
    assert [f.file for f in found(published, "indicator-unknown")] == [DEPRIVATION]


@pytest.mark.published
def test_what_england_publishes_of_age_sex_and_deprivation_reads_without_findings(published_data: Path) -> None:
    held = published_data / "practices"
    names = ("practice_demographics_2020-04.csv", "practice_age_bands_2020-04.csv", "practice_imd.csv")
    published = read(*(held / name for name in names))
    assert published.findings == ()
    assert {f.form: f.rows for f in published.files} == {
        "practice_demographics": 6797,
        "practice_age_bands": 6730,
        "practice_deprivation": 23080,
    }
