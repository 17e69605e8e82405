"""Does anything that identifies a person come out of a loading: into the record, what is built, a message or a log?

Marked values go through every shape and every way in which a file can be wrong; then every byte that was written
outside the identity folder, and every word that was said, is searched for them.
"""

from __future__ import annotations

import io
import logging
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from commonweal.core.errors import CommonwealError
from commonweal.core.parameters import library
from commonweal.people.loading.load import load_record
from commonweal.people.loading.loaded import loaded_record
from commonweal.place.folder import Place
from commonweal.web.pages.loading import loading_document
from commonweal.web.terminal import print_document

GOOD, BAD = "9000000009", "9000000018"
MARKS = (GOOD, BAD, "ZZMARKZZ", "QQMARKQQ", "ZM99 9ZZ", "1951-03-29", "LOCALMARK7", "MARKSTREET")
WHO = "nhs_number,person_id,given_name,family_name,birth_date,address,postcode"
ANYBODY = f"{GOOD},LOCALMARK7,ZZMARKZZ,QQMARKQQ,1951-03-29,MARKSTREET 1,ZM99 9ZZ"
NOBODY = f"{BAD},LOCALMARK7,ZZMARKZZ,QQMARKQQ,1951-03-29,MARKSTREET 1,ZM99 9ZZ"
UNLINKED = ",LOCALMARK7,ZZMARKZZ,QQMARKQQ,1951-03-29,MARKSTREET 1,ZM99 9ZZ"
NUMBERLESS = ",,ZZMARKZZ,QQMARKQQ,1951-03-29,MARKSTREET 1,ZM99 9ZZ"

# For each shape its own columns, a row as it should be, and rows in which every cell is wrong.
SHAPES = {
    "persons": ("sex,death_date,ethnicity,practice_code", "F,,A,X90001", "ZZMARKZZ,ZM99 9ZZ,QQMARKQQ,MARKSTREET"),
    "registrations": ("practice_code,start,end", "X90001,2023-01-01,", "QQMARKQQ,ZZMARKZZ,1951-03-29"),
    "attributes": (
        "attribute_period,practice_code,age,lsoa,dementia,smoking,bmi,religion",
        "2023-01-01,X90001,72,E01000001,1,ex,25,ZZMARKZZ",
        "ZZMARKZZ,QQMARKQQ,ZM99 9ZZ,MARKSTREET,ZZMARKZZ,QQMARKQQ,ZZMARKZZ,ZZMARKZZ",
    ),
    "activity": (
        "source_id,pod_l1,arr_date,dep_date,spec_l2a,attend_code,prov_code,practice_code,cost1",
        f"LOCALMARK7 {GOOD},111,2023-02-01,,,5,RVJ,X90001,1",
        "ZZMARKZZ,ZZMARKZZ,QQMARKQQ,1951-03-29,ZZMARKZZ,QQMARKQQ,ZM99 9ZZ,MARKSTREET,ZZMARKZZ",
    ),
    "admitted_care": (
        "epikey,admidate,disdate,admimeth,diag_4_01,sushrg,procode3,gpprac,cost",
        "LOCALMARK7,2023-02-01,2023-02-02,21,I50,EB03C,RVJ,X90001,1",
        "ZZMARKZZ,QQMARKQQ,ZZMARKZZ,ZZMARKZZ,QQMARKQQ,ZZMARKZZ,ZM99 9ZZ,MARKSTREET,ZZMARKZZ",
    ),
    "emergency_care": (
        "ec_ident,arrival_date,procode3,gpprac",
        "LOCALMARK7,2023-02-01,RVJ,X90001",
        "ZZMARKZZ,QQMARKQQ,ZM99 9ZZ,ZZMARKZZ",
    ),
    "outpatients": (
        "attendkey,apptdate,attended,gpprac", "LOCALMARK7,2023-02-01,5,X90001", "ZZMARKZZ,QQMARKQQ,ZZMARKZZ,ZM99 9ZZ",
    ),
    "community": (
        "carecontactid,contact_date,attendancestatus", "LOCALMARK7,2023-02-01,5", "ZZMARKZZ,QQMARKQQ,ZZMARKZZ",
    ),
    "mental_health": (
        "uniqcarecontid,carecontdate,attendordnacode", "LOCALMARK7,2023-02-01,5", "ZZMARKZZ,QQMARKQQ,ZZMARKZZ",
    ),
    "mental_health_stays": (
        "uniqhospprovspellid,startdatehospprovspell,dischdatehospprovspell",
        "LOCALMARK7,2023-02-01,2023-02-09",
        "ZZMARKZZ,QQMARKQQ,ZZMARKZZ",
    ),
    "social_care": (
        "event_id,event_type,event_start_date,event_end_date,service_type,unit_cost,cost_frequency",
        "LOCALMARK7,Service,2023-02-01,2023-02-09,Home ZZMARKZZ,7,weekly",
        "LOCALMARK7,ZZMARKZZ,QQMARKQQ,ZZMARKZZ,ZZMARKZZ,ZZMARKZZ,QQMARKQQ",
    ),
}  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "place").mkdir()
    return Place(tmp_path / "place", "Here", "Q", "Board", {}, ("X90001",), date(2023, 4, 1), {}, "", False)


def every_shape(folder: Path) -> list[Path]:
    """A file of each shape: good rows, rows of wrong numbers, rows without, and rows in which everything is wrong."""
    folder.mkdir(exist_ok=True)
    paths = []
    for shape, (columns, good, wrong) in SHAPES.items():
        who = WHO if shape != "registrations" else "nhs_number,person_id"
        people = [
            row if who == WHO else ",".join(row.split(",")[:2]) for row in (ANYBODY, NOBODY, UNLINKED, NUMBERLESS)
        ]
        text = "\n".join([f"{who},{columns}", *(f"{p},{cells}" for p in people for cells in (good, wrong))])
        path = folder / f"{shape}.csv"
        path.write_text(text + "\n", encoding="utf-8")
        paths.append(path)
    return paths


def outside_identity(folder: Path) -> Iterator[Path]:
    yield from (path for path in folder.rglob("*") if path.is_file() and "identity" not in path.parts)


def said_in(texts: str | bytes) -> list[str]:
    return [mark for mark in MARKS if (mark in texts if isinstance(texts, str) else mark.encode() in texts)]


def cells(path: Path) -> str:
    """Every cell of a Parquet file as text: its bytes are compressed and would hide a mark."""
    return "\n".join(map(str, pq.read_table(path).to_pylist()))


@pytest.mark.slow
def test_marked_values_of_every_shape_stay_in_the_identity_folder(place, tmp_path, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    files = every_shape(tmp_path / "files")
    loaded = load_record(place, files, parameters=library(), tolerate=10_000)
    assert {name: rows for name, rows in loaded.holds.items() if not rows} == {}, "nothing was loaded to be searched"
    searched = 0
    for path in outside_identity(place.path):
        assert not said_in(path.read_bytes()), path
        assert not said_in(path.name)
        if path.suffix == ".parquet":
            assert not said_in(cells(path)), path
            searched += 1
    assert searched == 5
    spoken = capfd.readouterr()
    printed = io.StringIO()
    print_document(loading_document("Here", loaded), Console(file=printed, width=200))
    told = printed.getvalue() + str(loaded_record(loaded)) + str(loaded.findings)
    assert not said_in(told + spoken.out + spoken.err + caplog.text)
    # The other way round, the marks are where they belong: the search would find them.
    kept = cells(place.path / "identity" / "people.parquet") + "".join(map(cells, loaded.set_aside))
    assert set(said_in(kept)) >= {GOOD, BAD, "ZZMARKZZ", "QQMARKQQ", "ZM99 9ZZ"}
    assert not list((place.path / "identity").glob(".working-*"))


@pytest.mark.slow
def test_what_identifies_is_for_its_owner_alone(place, tmp_path):
    load_record(place, every_shape(tmp_path / "files")[:2], parameters=library(), tolerate=10_000)
    identity = place.path / "identity"
    assert {path.name: oct(path.stat().st_mode & 0o077) for path in identity.rglob("*.parquet")} == dict.fromkeys(
        (path.name for path in identity.rglob("*.parquet")), "0o0"
    )


def _without_headings(folder: Path) -> list[Path]:
    path = folder / "no_headings.csv"
    path.write_text(f"{ANYBODY}\n{NOBODY}\n")
    return [path]


def _lacking_a_column(folder: Path) -> list[Path]:
    path = folder / "lacking.csv"
    path.write_text(f"{WHO},pod_l1,ZZMARKZZ\n{ANYBODY},111,QQMARKQQ\n")
    return [path]


def _open_quotation(folder: Path) -> list[Path]:
    path = folder / "open.csv"
    good = f"{ANYBODY},F,,A,X90001\n"
    path.write_text(
        f"{WHO},sex,death_date,ethnicity,practice_code\n" + good * 3 + f'"{ANYBODY}' + "," * 60 + "\n" + good
    )
    return [path]


def _not_parquet(folder: Path) -> list[Path]:
    path = folder / "people.parquet"
    path.write_bytes(ANYBODY.encode())
    return [path]


def _damaged_parquet(folder: Path) -> list[Path]:
    path = folder / "people.parquet"
    names = [*WHO.split(","), "sex", "death_date", "ethnicity", "practice_code"]
    held = pa.table({name: [cell] * 500 for name, cell in zip(names, f"{ANYBODY},F,,A,X90001".split(","), strict=True)})
    pq.write_table(held, path, compression="none", use_dictionary=False)
    content = bytearray(path.read_bytes())
    content[40:4000] = b"\xff" * 3960
    path.write_bytes(content)
    return [path]


def _not_gzip(folder: Path) -> list[Path]:
    path = folder / "people.csv.gz"
    path.write_bytes(ANYBODY.encode())
    return [path]


def _too_many_errors(folder: Path) -> list[Path]:
    path = folder / "wrong.csv"
    path.write_text(f"{WHO},sex,death_date,ethnicity,practice_code\n{NOBODY},F,ZZMARKZZ,A,X90001\n")
    return [path]


@pytest.mark.parametrize(
    "wrong",
    [
        _without_headings,
        _lacking_a_column,
        _open_quotation,
        _not_parquet,
        _damaged_parquet,
        _not_gzip,
        _too_many_errors,
    ],
)
def test_no_error_repeats_what_a_file_says(wrong: Callable[[Path], list[Path]], place, tmp_path, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(CommonwealError) as raised:
        load_record(place, wrong(tmp_path), parameters=library(), tolerate=0)
    spoken = capfd.readouterr()
    text = "".join(traceback.format_exception(raised.value)) + str(raised.value) + spoken.out + spoken.err + caplog.text
    assert not said_in(text)
    assert not list((place.path / "identity").glob(".working-*")) if (place.path / "identity").exists() else True
    assert not (place.path / "records").exists()


def test_the_engine_alone_would_have_quoted_the_row(tmp_path):
    # Why errors of the engine are never passed on.
    path = tmp_path / "open.csv"
    path.write_text(f"a,b\n1,2\n{NOBODY}\n")
    with pytest.raises(duckdb.Error) as raised:
        duckdb.read_csv(str(path), columns={"a": "INTEGER", "b": "INTEGER"}, auto_detect=False, header=True).fetchall()
    assert said_in(str(raised.value))
