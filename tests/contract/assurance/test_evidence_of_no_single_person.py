"""Can anything about single persons, or from outside the place, become evidence?"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commonweal.contract.assurance.evidence import holds_nhs_number, refusal

# Made up: 9,000,000,009 has the check digit 9, by weights 10 to 2: 9 x 10 = 90, 90 mod 11 = 2, 11 - 2 = 9.
NHS_NUMBER = "9000000009"
PSEUDONYM = 8_123_456_789_012_345_678
MARKED = "marked value that must never leave"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A place's folder with documents, and folders of persons that hold marked values."""
    place = tmp_path / "place"
    for name in ("papers", "identity", "records", "out/store-1"):
        (place / name).mkdir(parents=True)
    (place / "papers" / "minutes.md").write_text("The board asked three questions.\n")
    (place / "identity" / "people.csv").write_text(f"name\n{MARKED}\n")
    (place / "out" / "store-1" / "person_need.csv").write_text(f"person\n{MARKED}\n")
    record = place / "records" / "record-1"
    record.mkdir()
    pq.write_table(pa.table({"person": pa.array([PSEUDONYM], pa.int64())}), record / "persons.parquet")
    (record / "manifest.json").write_text(json.dumps({"synthetic": True}))
    (place / "records" / "current").write_text("record-1\n")
    return place


def test_a_document_of_the_place_may_be_evidence(folder):
    assert refusal(folder, "papers/minutes.md") is None


@pytest.mark.parametrize(
    "written",
    [
        "identity/people.csv",
        "Identity/people.csv",
        "./identity/people.csv",
        "records/record-1/persons.parquet",
        "records/current",
        "out/store-1/person_need.csv",
    ],
)
def test_nothing_from_the_folders_of_persons_or_of_builds_is_evidence(folder, written):
    refused = refusal(folder, written)
    assert refused is not None
    assert MARKED not in refused.message + refused.mend


@pytest.mark.parametrize(
    "written",
    [
        "../outside.md",
        "papers/../../outside.md",
        "papers/../papers/minutes.md",
        "/etc/hostname.md",
        "C:/papers/minutes.md",
        "papers\\minutes.md",
        ".",
        "papers/.hidden.md",
        "papers",
        "papers/none.md",
        "papers/minutes.md\0.csv",
    ],
)
def test_a_path_stays_in_the_place_and_names_a_file_that_is_there(folder, written):
    (folder.parent / "outside.md").write_text("outside")
    (folder / "papers" / ".hidden.md").write_text("hidden")
    assert refusal(folder, written) is not None


def test_no_symbolic_link_is_followed_be_it_file_or_folder(folder):
    (folder.parent / "outside.md").write_text("outside")
    (folder / "papers" / "link.md").symlink_to(folder.parent / "outside.md")
    (folder / "linked").symlink_to(folder / "identity")
    for written in ("papers/link.md", "linked/people.csv"):
        assert "symbolic link" in refusal(folder, written).message


def test_a_copy_of_a_file_of_persons_is_known_by_its_bytes(folder):
    (folder / "papers" / "table.csv").write_bytes((folder / "identity" / "people.csv").read_bytes())
    assert "copy" in refusal(folder, "papers/table.csv").message


@pytest.mark.parametrize("suffix", [".parquet", ".db", ".zip", ".exe", ""])
def test_a_kind_of_file_that_is_no_document_is_refused(folder, suffix):
    (folder / "papers" / f"held{suffix}").write_bytes(b"held")
    assert "kind" in refusal(folder, f"papers/held{suffix}").message


@pytest.mark.parametrize(
    "number", ["9000000009", "900 000 0009", "900-000-0009", "900.000.0009", "900\u00a0000\u00a00009"]
)
def test_a_text_that_holds_an_nhs_number_is_refused_and_the_number_not_told(folder, number):
    (folder / "papers" / "list.csv").write_text(f"patient,note\n{number},x\n", encoding="utf-8")
    refused = refusal(folder, "papers/list.csv")
    assert "NHS number" in refused.message
    assert number not in refused.message + refused.mend


@pytest.mark.parametrize(
    "text",
    [
        "Total 9000000008 pounds",  # The check digit is 9.
        "ratio 0.9000000009",
        "900.0000009",
        "19000000009",
        "call 01384 000000",
        "0000000000",
    ],
)
def test_other_numbers_are_no_nhs_numbers(text):
    assert not holds_nhs_number(text.encode())


def test_the_check_digit_is_eleven_less_the_remainder_and_eleven_counts_as_nought():
    # 1 x 10 leaves 10, 11 - 10 = 1; 2 x 10 leaves 9, 11 - 9 = 2; 60 + 45 + 3 + 2 = 110 leaves nothing, 11 counts as 0.
    assert holds_nhs_number(b"1000000001")
    assert holds_nhs_number(b"2000000002")
    assert holds_nhs_number(b"6500000110")


def test_a_text_that_holds_a_pseudonym_of_the_record_is_refused(folder):
    (folder / "papers" / "list.csv").write_text(f"key,cost\n{PSEUDONYM},10\n")
    refused = refusal(folder, "papers/list.csv")
    assert "pseudonym" in refused.message
    assert str(PSEUDONYM) not in refused.message + refused.mend
    (folder / "papers" / "list.csv").write_text(f"key,cost\n{PSEUDONYM - 1},10\n{2**63},10\n")
    assert refusal(folder, "papers/list.csv") is None


def office_file(path: Path, name: str, content: str | bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)


def test_a_number_cut_by_marks_inside_a_document_is_found_and_one_in_a_workbook(folder):
    office_file(folder / "papers" / "a.docx", "word/document.xml", "<t>90000</t><t>00009</t>")
    office_file(folder / "papers" / "b.xlsx", "xl/worksheets/sheet1.xml", f"<c><v>{NHS_NUMBER}</v></c>")
    office_file(folder / "papers" / "c.docx", "word/document.xml", '<t id="9000000009">none in the words</t>')
    office_file(folder / "papers" / "d.xlsx", "xl/worksheets/sheet1.xml", "<c><v>90000</v></c><c><v>00009</v></c>")
    office_file(folder / "papers" / "e.docx", "word/embeddings/b.xlsx", (folder / "papers" / "b.xlsx").read_bytes())
    refused = {name: refusal(folder, f"papers/{name}") for name in ("a.docx", "b.xlsx", "c.docx", "d.xlsx", "e.docx")}
    assert {name for name, held in refused.items() if held} == {"a.docx", "b.xlsx", "e.docx"}


def test_what_cannot_be_read_through_is_refused(folder):
    (folder / "papers" / "a.docx").write_bytes(b"no office file")
    (folder / "papers" / "b.csv").write_text(f"patient\n{NHS_NUMBER}\n", encoding="utf-16")
    for written in ("papers/a.docx", "papers/b.csv"):
        assert "cannot be read" in refusal(folder, written).message
