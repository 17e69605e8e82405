"""Are the answers that people give read whole, by day, with every fault told?"""

from __future__ import annotations

from datetime import date

import pytest

from commonweal.contract.assurance.answers import answers_on, read_answers
from commonweal.contract.assurance.findings import FINDS
from commonweal.contract.assurance.questions import questions_on
from commonweal.core.errors import InputError
from commonweal.core.parameters import library

DAY = date(2026, 4, 1)
QUESTIONS = questions_on(library(), DAY, frozenset(FINDS))


@pytest.fixture
def folder(tmp_path):
    """A folder that is a place as far as answers go."""
    (tmp_path / "contract").mkdir()
    (tmp_path / "place.yaml").write_text("name: Somewhere\n")
    return tmp_path


def rated(folder, day):
    answered = answers_on(read_answers(folder, QUESTIONS), day)
    return answered["tax"].rating if "tax" in answered else "none"


def test_a_place_without_answers_has_none(folder):
    assert read_answers(folder, QUESTIONS) == ()


def test_an_answer_is_read_whole_whatever_the_order_of_columns(folder, answer):
    answer(
        "seen,place.yaml; contract/x.md ,2026-03-01,Chief finance officer,green,tax",
        heading="note,evidence,date,owner,rating,question",
    )
    (folder / "contract" / "x.md").write_text("x")
    (held,) = read_answers(folder, QUESTIONS)
    assert (held.question, held.rating, held.owner, held.on) == (
        "tax",
        "green",
        "Chief finance officer",
        date(2026, 3, 1),
    )
    assert held.evidence == ("place.yaml", "contract/x.md")
    assert held.note == "seen"


def test_the_latest_answer_not_after_the_day_holds(folder, answer):
    answer("tax,red,Finance,2026-01-10,,", "tax,green,Finance,2026-03-10,,", "tax,amber,Finance,2026-02-10,,")
    days = (date(2026, 1, 9), date(2026, 1, 10), date(2026, 2, 10), date(2026, 3, 9), date(2026, 3, 10))
    assert [rated(folder, day) for day in days] == ["none", "red", "amber", "amber", "green"]


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("taxes,green,Finance,2026-03-01,,", "question", "is no question"),
        ("tax,purple,Finance,2026-03-01,,", "rating", "is no rating"),
        ("tax,,Finance,2026-03-01,,", "rating", "is no rating"),
        ("tax,green,,2026-03-01,,", "owner", "is blank"),
        ("tax,green,Finance,1 March,,", "date", "is not a day"),
        ("tax,green,Finance,,,", "date", "is not a day"),
        ("tax,green,Finance,2026-03-01,papers/none.pdf,", "evidence", "is not there"),
        ("tax,green,Finance,2026-03-01,place.yaml;../x.pdf,", "evidence", "leads out"),
        ("tax,green,Finance,2026-03-01,,seen, and agreed", "note", "more cells than headings"),
        ("tax,green,Finance,2026-03-01,,patient 900 000 0009", "note", "reads as an NHS number"),
    ],
)
def test_a_wrong_answer_is_told_with_file_row_and_column(folder, answer, row, column, message):
    path = answer("net_benefit,green,Board,2026-03-01,,", row)
    with pytest.raises(InputError) as told:
        read_answers(folder, QUESTIONS)
    assert str(told.value).startswith(f"{path}, row 3, column '{column}': ")
    assert message in str(told.value)
    assert "900 000 0009" not in str(told.value)


def test_all_faults_are_told_at_once_and_two_answers_of_one_day_are_one(folder, answer):
    answer("tax,purple,,2026-03-01,,", "tax,green,Finance,2026-03-01,,", "tax,red,Finance,2026-03-01,,")
    with pytest.raises(InputError) as told:
        read_answers(folder, QUESTIONS)
    assert len(str(told.value).splitlines()) == 3
    assert "answered on 2026-03-01 already" in str(told.value)


def test_a_file_of_answers_that_is_no_table_is_told(folder, answer):
    answer(heading="question,rating,owner,date,evidence")
    with pytest.raises(InputError, match="lacks the column 'note'"):
        read_answers(folder, QUESTIONS)
    (folder / "contract" / "assurance.csv").write_bytes(b"question\xff")
    with pytest.raises(InputError, match="UTF-8"):
        read_answers(folder, QUESTIONS)
    answer('tax,green,Finance,2026-03-01,,"never closed')
    with pytest.raises(InputError, match="is not CSV"):
        read_answers(folder, QUESTIONS)
