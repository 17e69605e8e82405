"""Is a row of emergency care, outpatients, community or mental health the row that one writes by hand?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ANN, BOB = "9000000009", "9000000017"
REGISTRATIONS = f"""nhs_number,practice_code,start,end
{ANN},X90001,2020-01-01,
{BOB},X90002,2020-01-01,2023-05-01
"""
# As Hospital Episode Statistics write days, with pounds as people do; the second has neither end nor cost.
EMERGENCY = f"""NHS Number,AEKEY,ARRIVALDATE,DEPDATE,SUSHRG,PROCODE3,GPPRAC,COST
{ANN},1,03APR2023,04APR2023:01:10:00,VB07Z,RVJ,X90001,"£1,234.56"
{BOB},2,2023-04-05 23:50:00,,,RA7,X90002,
"""
OUTPATIENTS = f"""NHSNumber,ATTENDKEY,APPTDATE,ATTENDED,FIRSTATT,TRETSPEF,SUSHRG,PROCODE3,GPPRAC,DIAG_4_01,\
DIAG_4_02,COST
{ANN},1,2023-04-03,5,1,300,WF01B,RVJ,X90001,E11.9,I10X,163
{ANN},2,04/05/2023,6,2,320,WF01A,RVJ,X90001,,,81.5
{ANN},3,2023-05-05,5,3,&,,RVJ,,,,0
{BOB},4,2023-05-09,5,,410,,RVJ,X90002,M069,,70.004
{BOB},5,2023-04-06,3,1,410,,RVJ,X90002,M069,,70
"""
COMMUNITY = f"""nhs_number,CareContactID,UniqueSubmissionID,Contact_Date,AttendanceStatus,OrgID_Provider,OrgIDGMPReg,\
cost
{ANN},1,7,2023-04-11,5,RYW,X90001,61.25
{BOB},2,7,2023-04-12,,RYW,X90002,
{BOB},3,7,2023-04-13,4,RYW,X90002,44
"""
MENTAL_HEALTH = f"""nhs_number,UniqCareContID,UniqSubmissionID,CareContDate,AttendOrDNACode,OrgIDProv,OrgIDGMPReg,cost
{ANN},1,7,2023-04-14,6,RXT,X90001,220.10
{BOB},2,7,2023-04-17,7,RXT,X90002,220.10
"""
STAYS = f"""nhs_number,UniqHospProvSpellID,UniqSubmissionID,StartDateHospProvSpell,DischDateHospProvSpell,OrgIDProv,cost
{ANN},1,7,2023-04-20,2023-06-02,RXT,19000
{BOB},2,7,2023-04-21,,RXT,
"""
FILES = MappingProxyType({
    "registrations": REGISTRATIONS, "emergency": EMERGENCY, "outpatients": OUTPATIENTS, "community": COMMUNITY,
    "mental_health": MENTAL_HEALTH, "stays": STAYS,
})  # fmt: skip
COLUMNS = (
    "pod_l1", "pod_l2a", "pod_l2b", "arr_date", "dep_date", "spec_l1a", "spec_l2a", "attend_code", "prov_code",
    "practice_code", "diag_codes", "cost_pence",
)  # fmt: skip


def april(day: int) -> date:
    return date(2023, 4, day)


def may(day: int) -> date:
    return date(2023, 5, day)


@pytest.fixture(scope="module")
def load(loading: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The five flows and two registrations in one record."""
    return loading(tmp_path_factory.mktemp("flows"), dict(FILES))


EXPECTED = [
    ("sus_ae", ANN, [
        ("secondary", "ae", None, april(3), april(4), None, "VB07Z", None, "RVJ", "X90001", None, 123_456),
    ]),
    ("sus_ae", BOB, [
        ("secondary", "ae", None, april(5), None, None, None, None, "RA7", "X90002", None, None),
    ]),
    ("sus_op", ANN, [
        ("secondary", "op", "first", april(3), None, "300", "WF01B", "5", "RVJ", "X90001", "E119,I10", 16_300),
        ("secondary", "op", "follow_up", may(4), None, "320", "WF01A", "6", "RVJ", "X90001", None, 8_150),
        # Of no specialty; the practice is the one where she is registered.
        ("secondary", "op", "first", may(5), None, None, None, "5", "RVJ", "X90001", None, 0),
    ]),
    # Not said whether it is the first: one of many. He had left the list: the practice is the one that the row says.
    ("sus_op", BOB, [
        ("secondary", "op", "follow_up", may(9), None, "410", None, "5", "RVJ", "X90002", "M069", 7_000),
    ]),
    ("csds", ANN, [
        ("community", None, None, april(11), None, None, None, "5", "RYW", "X90001", None, 6_125),
    ]),
    # Nothing said of the outcome counts as seen.
    ("csds", BOB, [
        ("community", None, None, april(12), None, None, None, None, "RYW", "X90002", None, None),
    ]),
    ("mhsds", ANN, [
        ("mental_health", "op", "other", april(14), None, None, None, "6", "RXT", "X90001", None, 22_010),
        ("mental_health", "ip", None, april(20), date(2023, 6, 2), None, None, None, "RXT", "X90001", None, 1_900_000),
    ]),
    # Still there when the file was drawn.
    ("mhsds", BOB, [
        ("mental_health", "ip", None, april(21), None, None, None, None, "RXT", "X90002", None, None),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "number", "expected"), EXPECTED)
def test_a_flows_rows_are_those_written_by_hand(load, source, number, expected):
    held = [row for row in load.rows("activity", number) if row["source_name"] == source]
    assert [tuple(row[name] for name in COLUMNS) for row in held] == expected
    assert {(row["admimeth"], row["items"]) for row in held} == {(None, None)}


def test_nothing_else_is_in_the_record_and_those_who_were_not_seen_are_set_aside(load):
    assert load.loaded.holds["activity"] == sum(len(rows) for _, _, rows in EXPECTED)
    assert load.told("not-seen") == {
        ("outpatients.csv", "ATTENDED"): ([6], 1),
        ("community.csv", "AttendanceStatus"): ([4], 1),
        ("mental_health.csv", "AttendOrDNACode"): ([3], 1),
    }
    assert load.told("not-registered-that-day") == {("outpatients.csv", ""): ([5], 0)}
    assert {one.rule for one in load.loaded.counts} == {"not-seen", "not-registered-that-day"}
    assert [(f.rows, f.kept) for f in load.loaded.files] == [(2, 2), (2, 2), (5, 4), (3, 2), (2, 1), (2, 2)]


def test_a_rows_identifier_is_hashed_with_its_flow_and_provider(load):
    # Identifier 1 stands in five flows, of four providers: no two rows of the record share one.
    hashes = [row["source_id"] for row in load.rows("activity")]
    assert None not in hashes
    assert len(set(hashes)) == len(hashes)
    assert not {1, 2, 3, 4} & set(hashes)


def test_contacts_of_a_month_do_not_take_the_place_of_its_stays(loading, tmp_path):
    # Both are of one flow, provider and month; each comes in a file of its own, and later than the other.
    loading(tmp_path, {"stays": STAYS})
    second = loading(tmp_path, {"mental_health": MENTAL_HEALTH})
    assert second.loaded.replaced == 0
    assert sorted(row["pod_l2a"] for row in second.rows("activity")) == ["ip", "ip", "op"]
    third = loading(tmp_path, {"stays": STAYS})
    assert third.loaded.replaced == 2
    assert sorted(row["pod_l2a"] for row in third.rows("activity")) == ["ip", "ip", "op"]
