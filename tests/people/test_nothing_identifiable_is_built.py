"""Does anything that identifies a person come out of a build, or of a mapping that is wrong?

Marked values are loaded into the demonstration place, which is then built and reported on; every file outside the
identity folder, and every word said on the way, is searched for them.
"""

from __future__ import annotations

import io
import logging
import runpy
import traceback
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pypdf import PdfReader
from rich.console import Console

from commonweal.build import build_place
from commonweal.cli.build_commands import built_document, built_record
from commonweal.core.errors import CommonwealError
from commonweal.core.parameters import library
from commonweal.demonstration import make_demonstration
from commonweal.people.loading.load import load_record
from commonweal.place.folder import Place
from commonweal.web.report import write_report
from commonweal.web.terminal import print_document

MARKED = runpy.run_path(str(Path(__file__).with_name("test_nothing_identifiable_is_loaded.py")))
every_shape, outside_identity, said_in = MARKED["every_shape"], MARKED["outside_identity"], MARKED["said_in"]
ANYBODY, NOBODY, WHO = MARKED["ANYBODY"], MARKED["NOBODY"], MARKED["WHO"]


def readings(path: Path) -> Iterator[str | bytes]:
    """What a file says, also where it is packed: its bytes, and the cells, members or streams within."""
    content = path.read_bytes()
    yield content
    if path.suffix == ".parquet":
        yield MARKED["cells"](path)
    elif path.suffix in (".duckdb", ".db"):
        with duckdb.connect(str(path), read_only=True) as store:
            for (table,) in store.sql("SELECT table_name FROM duckdb_tables()").fetchall():
                yield str(store.table(table).fetchall())
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as held:
            yield from (held.read(name) for name in held.namelist())
    elif path.suffix == ".pdf":
        yield "\n".join(page.extract_text() for page in PdfReader(path).pages)


@pytest.mark.slow
def test_marked_values_are_in_nothing_that_a_build_writes_or_says(tmp_path, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    place = make_demonstration(tmp_path / "place", people=False)
    loaded = load_record(place, every_shape(tmp_path / "files"), parameters=library(), tolerate=10_000)
    assert loaded.record is not None
    built = build_place(place.path)
    reported = write_report(built)
    printed = io.StringIO()
    print_document(built_document(built), Console(file=printed, width=200))
    spoken = capfd.readouterr()
    told = printed.getvalue() + str(built_record(built)) + str(built.opened.findings)
    assert not said_in(told + spoken.out + spoken.err + caplog.text)
    searched = list(outside_identity(place.path))
    for path in searched:
        assert not said_in(str(path.relative_to(place.path)))
        for said in readings(path):
            assert not said_in(said), path
    # What was built and reported is among what was searched, and the people are in it.
    assert built.store.path in {folder for path in searched for folder in path.parents}
    assert set(reported) <= set(searched)
    assert loaded.record.path.name in (built.store.path / "manifest.json").read_text(encoding="utf-8")


MAPPINGS = {
    "not_yaml": "files: [{name: people.csv, read_as: [{shape: persons, values: {sex: {ZZMARKZZ: [F}}}]}]",
    "a_date_that_is_none": "files:\n  - {name: people.csv, born: 1951-13-29 QQMARKQQ\n ZZMARKZZ",
    "no_such_shape": "files: [{name: people.csv, read_as: [{shape: ZZMARKZZ}]}]",
    "values_of_no_form": "files: [{name: people.csv, read_as: [{shape: persons, values: {sex: 'QQMARKQQ is F'}}]}]",
    "a_heading_that_is_not_there": (
        "files: [{name: people.csv, read_as: [{shape: persons, columns: {sex: gender}, values: {sex: {ZZMARKZZ: F}}}]}]"
    ),
    "a_column_left_out": (
        "files: [{name: people.csv, read_as: [{shape: activity, fixed: {pod_l1: ZZMARKZZ}, values: {pod_l1:"
        " {QQMARKQQ: '111'}}}]}]"
    ),
}
# With its headings, and without: then the first line is somebody's.
TEXTS = {
    "with_headings": f"{WHO},sex\n{ANYBODY},ZZMARKZZ\n{NOBODY},F\n",
    "without_headings": f"{ANYBODY},ZZMARKZZ\n{NOBODY},F\n",
}


@pytest.fixture
def mapped(place_of_one: Place, tmp_path: Path) -> Callable[[str, str], Any]:
    """A function that loads a text as people.csv through a mapping."""

    def load(text: str, mapping: str) -> Any:
        (tmp_path / "people.csv").write_text(text, encoding="utf-8")
        (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
        return load_record(
            place_of_one, [tmp_path / "people.csv"], parameters=library(), mapping=tmp_path / "mapping.yaml", tolerate=9
        )

    return load


@pytest.fixture
def place_of_one(tmp_path: Path) -> Place:
    """A place of one practice, without any files."""
    (tmp_path / "place").mkdir()
    return MARKED["Place"](tmp_path / "place", "Here", "Q", "Board", {}, ("X90001",), MARKED["date"](2023, 4, 1), {},
                           "", False)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("mapping", MAPPINGS)
def test_no_error_of_a_wrong_mapping_repeats_what_it_or_the_file_says_of_somebody(
    mapped, tmp_path, text, mapping, capfd, caplog
):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(CommonwealError) as raised:
        mapped(TEXTS[text], MAPPINGS[mapping])
    spoken = capfd.readouterr()
    told = "".join(traceback.format_exception(raised.value)) + str(raised.value) + raised.value.where
    assert not said_in(told + spoken.out + spoken.err + caplog.text)
    assert not (tmp_path / "place" / "records").exists()


@pytest.mark.slow
def test_no_finding_repeats_what_a_mapping_fixes(mapped):
    # A value that cannot be, fixed for every row, is found as if it stood in the file.
    fixed = (
        "files: [{name: people.csv, read_as: [{shape: activity, columns: {arr_date: birth_date},"
        " fixed: {pod_l1: '111', practice_code: ZZMARKZZ, cost: QQMARKQQ}}]}]"
    )
    loaded = mapped(TEXTS["with_headings"], fixed)
    assert {one.rule for one in loaded.counts} >= {"code-malformed", "number-unreadable"}
    assert not said_in(str(loaded.findings) + str(loaded.counts))
