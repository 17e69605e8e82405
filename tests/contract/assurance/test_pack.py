"""Is an evidence pack whole, the same bytes each time, and free of anything about single persons?"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from datetime import date

import pytest

from commonweal.contract.assurance.pack import index_rows, pack_files, packed, write_pack
from commonweal.contract.assurance.register import register
from commonweal.contract.clauses.folders import begin_contract
from commonweal.core.errors import InputError, RuleBreach
from commonweal.core.tables import definitions
from commonweal.web.html import page_html
from commonweal.web.pages.assurance import pack_document

DAY = date(2026, 4, 1)
MARKED = "marked value that must never leave"
MADE = {
    "budget.csv",
    "chance.csv",
    "explanation.txt",
    "findings.csv",
    "options.csv",
    "participation.csv",
    "register.csv",
    "statement.csv",
}


def pack(place):
    held = register(place, DAY, stage="before_procurement")
    files = pack_files(place, held)
    return packed(files, page_html(pack_document(held, files)))


@pytest.fixture
def evidenced(opened, folder, answer):
    """The place with a contract, a paper as evidence, and folders of persons with marked values."""
    (folder / "contract").rmdir()
    begin_contract(folder / "contract", "mcp-gain-share")
    for name in ("papers", "identity", "records"):
        (folder / name).mkdir()
    (folder / "papers" / "case for change.md").write_text("Net benefits, with their sources.\n")
    (folder / "identity" / "people.csv").write_text(f"name\n{MARKED}\n")
    (folder / "records" / "persons.csv").write_text(f"name\n{MARKED}\n")
    answer("net_benefit,green,Governing body,2026-03-01,papers/case for change.md,minutes of March")
    return opened()


def test_a_pack_holds_index_register_documents_clauses_and_evidence_with_their_digests(evidenced):
    with zipfile.ZipFile(io.BytesIO(pack(evidenced))) as held:
        names = held.namelist()
        assert names[:2] == ["index.html", "index.csv"]
        clauses = {"contract/contract.yaml", "contract/gain_share.yaml"}
        assert set(names[2:]) == MADE | clauses | {"evidence/papers/case for change.md"}
        assert names[2:] == sorted(names[2:])
        rows = list(csv.DictReader(io.StringIO(held.read("index.csv").decode())))
        assert [row["file"] for row in rows] == names[2:]
        for row in rows:
            content = held.read(row["file"])
            assert row["sha256"] == hashlib.sha256(content).hexdigest()
            assert int(row["bytes"]) == len(content)
            assert row["sha256"] in held.read("index.html").decode()
        (paper,) = [row for row in rows if row["file"].startswith("evidence/")]
        assert paper["questions"] == "net_benefit"
        assert MARKED not in "".join(held.read(name).decode() for name in names)


def test_the_index_links_to_every_file_and_a_space_in_a_name_does_not_break_the_link(evidenced):
    with zipfile.ZipFile(io.BytesIO(pack(evidenced))) as held:
        page = held.read("index.html").decode()
    assert 'href="evidence/papers/case%20for%20change.md"' in page
    assert 'href="budget.csv"' in page


def test_the_same_place_makes_the_same_bytes_and_each_file_carries_one_fixed_time(evidenced, opened):
    first = pack(evidenced)
    assert first == pack(opened())
    with zipfile.ZipFile(io.BytesIO(first)) as held:
        assert {entry.date_time for entry in held.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.compress_type for entry in held.infolist()} == {zipfile.ZIP_STORED}


def test_evidence_that_became_forbidden_after_the_answers_were_read_stops_the_pack(evidenced, folder):
    held = register(evidenced, DAY)
    (folder / "papers" / "case for change.md").write_text("patient 900 000 0009\n")
    with pytest.raises(RuleBreach, match="Nothing was packed") as told:
        pack_files(evidenced, held)
    assert "900 000 0009" not in str(told.value)


@pytest.mark.parametrize("folder_name", ["identity/people.csv", "records/persons.csv"])
def test_a_file_of_persons_named_as_evidence_stops_the_register(evidenced, answer, folder_name):
    answer(f"net_benefit,green,Governing body,2026-03-01,{folder_name},minutes")
    with pytest.raises(InputError, match="folder of persons") as told:
        register(evidenced, DAY)
    assert MARKED not in str(told.value)


def test_dated_values_that_hold_an_nhs_number_or_are_a_link_stop_the_pack(evidenced, folder):
    held = register(evidenced, DAY)
    (folder / "contract" / "notes.yaml").write_text("# agreed for 9000000009\n")
    with pytest.raises(RuleBreach, match=r"contract/notes\.yaml"):
        pack_files(evidenced, held)
    (folder / "contract" / "notes.yaml").unlink()
    (folder / "contract" / "notes.yaml").symlink_to(folder / "identity" / "people.csv")
    with pytest.raises(RuleBreach, match="symbolic link"):
        pack_files(evidenced, held)


def test_words_written_into_the_participation_history_are_looked_through_too(evidenced, folder, opened):
    path = folder / "participation.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join((*lines[:-1], f"{lines[-1].rpartition(',')[0]},patient 9000000009")) + "\n")
    place = opened()
    assert any("9000000009" in event.note for event in place.history.events)
    with pytest.raises(RuleBreach, match=r"participation\.csv"):
        pack_files(place, register(place, DAY))


def test_the_rows_of_the_index_have_the_columns_of_their_table(evidenced):
    (first, *_) = index_rows(pack_files(evidenced, register(evidenced, DAY)))
    assert list(first) == [column.name for column in definitions()["assurance_pack"]]


def test_a_pack_is_written_whole_or_told_why_not(tmp_path):
    path = tmp_path / "pack.zip"
    assert write_pack(path, b"held") == hashlib.sha256(b"held").hexdigest()
    assert path.read_bytes() == b"held"
    with pytest.raises(InputError, match="ZIP file"):
        write_pack(tmp_path / "pack.txt", b"held")
    with pytest.raises(InputError, match="cannot be written"):
        write_pack(tmp_path / "nowhere" / "pack.zip", b"held")
    assert [held.name for held in tmp_path.iterdir()] == ["pack.zip"]
