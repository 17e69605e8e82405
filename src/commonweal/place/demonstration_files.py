"""How does the made-up country write its files, in the forms that England publishes?"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from commonweal.core.money import to_the_penny
from commonweal.core.parameters import library
from commonweal.place.demonstration_people import MadeUpPeople
from commonweal.place.published.file import DEPRIVATION_SCORE

BOARD = ("QZZ", "NHS Merrowmark ICB")
SUB_LOCATION = ("9Z9", "NHS Merrowmark ICB - 9Z9")
REGION = ("Y99", "Merrowmark")
MEMBERSHIP_YEARS = ("2021_2022", "2022_2023", "2023_2024", "2024_2025")
CLOSED = ("X9900", "Old Ferry Surgery", "ZZ99 9ZZ", "19790401", "20190331", "54.701", "1.402")
PEOPLE = "NUMBER_OF_PATIENTS"
# The day on which lists are counted by age and sex.
REFERENCE_DAY = date(2026, 4, 1)
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
# Lines that the year's form does not have.
NOT_IN_FORM: Mapping[str, tuple[str, ...]] = {
    "2021-22": ("forward_view", "pcn_enhanced_access"),
    "2022-23": ("forward_view",),
}


@dataclass(frozen=True)
class MadeUpPractice:
    """One made-up practice: who it is, how many people it has, how needy and who they are, what it is paid."""

    code: str
    name: str
    postcode: str
    latitude: str
    longitude: str
    network: str
    network_code: str
    district: str
    district_code: str
    contract: str
    dispensing: bool
    listed: int
    registered: Mapping[str, Decimal]
    weighted: Mapping[str, Decimal]
    projected: Decimal
    need: Mapping[str, Decimal]
    payments: Mapping[str, Mapping[str, Decimal]]
    counts: Mapping[date, int]
    people: MadeUpPeople


Practices = Sequence[MadeUpPractice]
Columns = Mapping[str, Callable[[MadeUpPractice], Any]]


def write_files(folder: Path, practices: Practices) -> tuple[Path, ...]:
    """Every file of the made-up country, in order of name."""
    texts = {"need_weighted_populations.csv": need_text(practices), "practice_locations.csv": locations_text(practices)}
    texts["practice_membership.csv"] = membership_text(practices)
    for year in NOT_IN_FORM:
        texts[f"gp_payments_{year}.csv"] = payments_text(practices, year)
    for day in practices[0].counts:
        texts[f"gp-reg-pat-prac-all-{day:%Y-%m}.csv"] = counts_text(practices, day)
    month = f"{REFERENCE_DAY:%Y-%m}"
    texts[f"practice_demographics_{month}.csv"] = demographics_text(practices)
    texts[f"practice_age_bands_{month}.csv"] = age_bands_text(practices)
    texts["practice_deprivation.csv"] = deprivation_text(practices)
    written = []
    for name in sorted(texts):
        path = folder / name
        path.write_bytes(texts[name].encode("utf-8"))
        written.append(path)
    return tuple(written)


def need_text(practices: Practices) -> str:
    """Need-weighted populations of practices, 2022/23."""
    return _text(
        {
            "Practice_Code": lambda p: p.code,
            "GP_Practice_Name": lambda p: p.name,
            "Practice_Postcode": lambda p: p.postcode,
            "Latitude": lambda p: p.latitude,
            "Longitude": lambda p: p.longitude,
            "PCN_Code": lambda p: p.network_code,
            "PCN_Name": lambda p: p.network,
            "LOC22": lambda p: SUB_LOCATION[0],
            "LOC22name": lambda p: SUB_LOCATION[1],
            "ICS22": lambda p: BOARD[0],
            "ICS22name": lambda p: BOARD[1],
            "R22": lambda p: REGION[0],
            "Region22": lambda p: REGION[1],
            "LAD21": lambda p: p.district_code,
            "LTLA21": lambda p: p.district,
            "Patients": lambda p: p.listed,
            "pop 2022/23": lambda p: p.projected,
            "G&A WP": lambda p: p.need["general_and_acute"],
            "CS WP": lambda p: p.need["community"],
            "MH WP": lambda p: p.need["mental_health"],
            "Mat WP": lambda p: p.need["maternity"],
            "Health Ineq WP": lambda p: p.need["health_inequalities"],
            "Prescr WP": lambda p: p.need["prescribing"],
            "Final WP": lambda p: p.need["final"],
        },
        practices,
    )


def locations_text(practices: Practices) -> str:
    """Practice locations, with one practice that closed long ago."""
    rows = [(p.code, p.name.lower(), p.postcode, "19740401", "", p.latitude, p.longitude) for p in practices]
    headings = ("practice_code", "practice_name", "postcode", "open_date", "closed_date", "lat", "long")
    return _csv(headings, [*rows, CLOSED])


def membership_text(practices: Practices) -> str:
    """Practices by network, sub-location and board, year by year."""
    who = ("PRACTICE_CODE", "PRACTICE_NAME", "PCN_ODS_CODE", "PCN_NAME", "SUB_ICB_ODS_CODE", "ICB_ODS_CODE")
    headings = ("year", *who)
    rows = [
        (year, p.code, p.name, p.network_code, p.network, SUB_LOCATION[0], BOARD[0])
        for year in MEMBERSHIP_YEARS
        for p in practices
    ]
    return _csv(headings, rows)


def counts_text(practices: Practices, day: date) -> str:
    """Patients Registered at a GP Practice, totals on one day."""
    headings = (
        "PUBLICATION",
        "EXTRACT_DATE",
        "TYPE",
        "SUB_ICB_LOCATION_CODE",
        "CODE",
        "POSTCODE",
        "SEX",
        "AGE",
        PEOPLE,
    )
    written = f"{day.day:02d}{MONTHS[day.month - 1]}{day.year}"
    rows = [
        ("GP_PRAC_PAT_LIST", written, "GP", SUB_LOCATION[0], p.code, p.postcode, "ALL", "ALL", p.counts[day])
        for p in practices
    ]
    return _csv(headings, rows)


def demographics_text(practices: Practices) -> str:
    """Lists by age and sex on the reference day: people, and shares of the list."""
    numbers: dict[str, Callable[[MadeUpPractice], int]] = {
        "16": lambda p: p.people.aged[16],
        "17": lambda p: p.people.aged[17],
        "18": lambda p: p.people.aged[18],
        "30_74": lambda p: p.people.aged_30_to_74,
        "50": lambda p: p.people.aged[50],
        "0_64": lambda p: p.people.total - p.people.aged[65],
        "65": lambda p: p.people.aged[65],
    }
    columns: dict[str, Callable[[MadeUpPractice], Any]] = {
        "PRACTICE_CODE": lambda p: p.code,
        "Percent_male": lambda p: _share(p.people.male, p.people.total),
        "Total": lambda p: p.people.total,
    }
    columns |= {name if "_" in name else f"{name}+": of for name, of in numbers.items()}
    columns |= {f"{name}perc": lambda p, of=of: _share(of(p), p.people.total) for name, of in numbers.items()}
    return _text(columns, practices)


def age_bands_text(practices: Practices) -> str:
    """Lists by age alone on the reference day."""
    return _text(
        {
            "PRACTICE_CODE": lambda p: p.code,
            "TOTAL": lambda p: p.people.total,
            "16OV": lambda p: p.people.aged[16],
            "17OV": lambda p: p.people.aged[17],
            "18OV": lambda p: p.people.aged[18],
            "30_74": lambda p: p.people.aged_30_to_74,
            "50OV": lambda p: p.people.aged[50],
            "0_64": lambda p: p.people.total - p.people.aged[65],
            "65OV": lambda p: p.people.aged[65],
            "65OV%": lambda p: _share(p.people.aged[65], p.people.total),
        },
        practices,
    )


def deprivation_text(practices: Practices) -> str:
    """Deprivation scores of practices, year by year of the index."""
    headings = ("IndicatorID", "Year", "AreaCode", "AreaName", "IsAreaCurrent", "Value")
    rows = [
        (DEPRIVATION_SCORE, year, p.code, p.name, 1, score)
        for p in practices
        for year, score in p.people.deprivation.items()
    ]
    return _csv(headings, rows)


def _share(part: int, whole: int) -> Decimal:
    return (Decimal(part) / whole).quantize(Decimal("0.000000001"))


def payments_text(practices: Practices, year: str) -> str:
    """NHS Payments to General Practice of one year, in that year's form."""
    rows = [row for row in _rows("payment_lines") if row["code"] not in NOT_IN_FORM[year]]
    columns: dict[str, Callable[[MadeUpPractice], Any]] = {
        **_payment_headings(year),
        "Practice Code": lambda p: p.code,
        "Practice Name": lambda p: p.name.upper(),
        "Practice Postcode": lambda p: p.postcode,
        "Practice Open Date": lambda p: "01/04/1974",
        "Practice Close Date": lambda p: "",
        "Contract Type": lambda p: p.contract,
        "Dispensing Practice": lambda p: "Yes" if p.dispensing else "No",
        "Practice type": lambda p: "GP practice",
        "Practice Rurality": lambda p: "Rural" if p.dispensing else "Urban",
        "Number of Registered Patients (Last Known Figure)": lambda p: p.registered[year],
        "Number of Weighted Patients (Last Known Figure)": lambda p: p.weighted[year],
    }
    for row in rows:
        columns[_named(row, year)] = lambda p, code=row["code"]: p.payments[year][code]
    for total in _rows("payment_totals"):
        columns[total["names"][0]] = lambda p, total=total: _total(p, year, total)
    for average in _rows("payment_averages"):
        columns[average["name"]] = lambda p, average=average: _average(p, year, average)
    return _text(columns, practices)


def _payment_headings(year: str) -> Columns:
    """Where the network stands, which tells one year's form from another's."""
    if year == "2021-22":
        return {
            "CCG Code": lambda p: SUB_LOCATION[0],
            "CCG NAME": lambda p: SUB_LOCATION[1],
            "PCN Code": lambda p: p.network_code,
            "PCN Name": lambda p: p.network.upper(),
        }
    return {
        "CCG Code": lambda p: SUB_LOCATION[0],
        "Sub ICB NAME": lambda p: SUB_LOCATION[1],
        "Code": lambda p: p.network_code,
        "CCG NAME": lambda p: p.network.upper(),
    }


def _named(row: Mapping[str, Any], year: str) -> str:
    """The heading a line had in a year: a renamed line has its first name before 2022-23, its last from then on."""
    return str(row["names"][-1 if year >= "2022-23" else 0])


def _total(practice: MadeUpPractice, year: str, total: Mapping[str, Any]) -> Decimal:
    codes = [row["code"] for row in _rows("payment_lines") if row["group"] in total["adds"]]
    return sum((practice.payments[year][code] for code in codes if code not in NOT_IN_FORM[year]), Decimal(0))


def _average(practice: MadeUpPractice, year: str, average: Mapping[str, Any]) -> Decimal:
    total = next(row for row in _rows("payment_totals") if row["code"] == average["total"])
    people = practice.registered if average["people"] == "registered" else practice.weighted
    return to_the_penny(_total(practice, year, total) / people[year])


def _rows(parameter: str) -> list[Any]:
    return list(library()[parameter].values[-1].value)


def _text(columns: Columns, practices: Practices) -> str:
    return _csv(tuple(columns), [[of(practice) for of in columns.values()] for practice in practices])


def _csv(headings: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(list(headings))
    writer.writerows(rows)
    return held.getvalue()
