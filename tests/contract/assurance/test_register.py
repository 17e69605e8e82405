"""Does the register say what the system knows and what people answered, and refuse answers that cannot be?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from commonweal.contract.assurance.findings import FINDS, found
from commonweal.contract.assurance.questions import questions_on
from commonweal.contract.assurance.records import register_rows
from commonweal.contract.assurance.register import register
from commonweal.contract.clauses.folders import begin_contract
from commonweal.core.amounts import given_column
from commonweal.core.errors import InputError, ParameterProblem
from commonweal.core.parameters import Parameters, library, read_parameters
from commonweal.core.tables import definitions
from commonweal.opened import OpenPlace

DAY = date(2026, 4, 1)
STAGES = ["early_engagement", "before_procurement", "preferred_bidder", "go_live"]


def entries(opened, day=DAY, **options):
    return {entry.question.code: entry for entry in register(opened, day, **options).entries}


def test_every_question_of_a_failure_names_it_and_every_stage_asks_something(opened):
    held = register(opened(), DAY)
    assert [found.stage.code for found in held.stages] == STAGES
    assert all(found.entries for found in held.stages)
    told = " ".join(f"{e.question.good} {e.question.source.title} {e.question.source.where}" for e in held.entries)
    for failure in ("UnitingCare", "Corby", "Dudley", "No fully integrated contract ever went live"):
        assert failure in told


def test_everything_the_system_can_find_is_asked_for_by_some_question():
    asked = {question.finds for question in questions_on(library(), DAY, frozenset(FINDS))} - {""}
    assert asked == set(FINDS)


def test_a_published_question_has_an_address_and_an_illustrative_one_says_whose_it_is():
    for question in questions_on(library(), DAY, frozenset(FINDS)):
        if question.status == "published":
            assert question.source.url.startswith("https://"), question.code
        else:
            assert "Commonweal" in str(question.source) or "memory" in str(question.source), question.code


def test_a_place_without_contract_scope_or_answers_is_told_so(opened):
    held = entries(opened())
    assert held["contract_readable"].rating == "red"
    assert held["scope_agreed"].rating == "red"
    assert held["net_benefit"].rating == "unanswered"
    assert held["net_benefit"].rated_by == "nobody"


def test_the_stage_is_as_good_as_its_worst_question(opened):
    for stage in register(opened(), DAY).stages:
        assert sum(stage.counts.values()) == len(stage.entries)
        assert stage.rating == "red"


def test_a_stage_with_nothing_red_is_open_until_all_is_answered(opened, answer):
    held = next(found for found in register(opened(), DAY, stage="go_live").stages)
    reds = [e.question.code for e in held.entries if e.rating == "red"]
    opens = [e.question.code for e in held.entries if e.rating == "unanswered"]
    answer(*(f"{code},amber,Board,2026-03-01,,seen" for code in reds))
    assert register(opened(), DAY, stage="go_live").stages[0].rating == "unanswered"
    answer(*(f"{code},amber,Board,2026-03-01,,seen" for code in (*reds, *opens)))
    assert register(opened(), DAY, stage="go_live").stages[0].rating == "amber"


def test_a_contract_of_the_library_answers_for_clauses_and_volume_and_a_fault_is_told(opened, folder):
    (folder / "contract").rmdir()
    begin_contract(folder / "contract", "mcp-gain-share")
    held = entries(opened())
    assert held["contract_readable"].rating == "green"
    assert held["volume_risk"].rating == "green"
    # The corridor is now the clause's.
    assert "Gain and loss share on acute spend" in held["beyond_chance"].found.text
    place = opened()
    (folder / "contract" / "gain_share.yaml").write_text("clause: gain_and_loss_share\nname: x\n")
    told = found("contract_readable", place, DAY)
    assert told.rating == "red"
    assert "contract/gain_share.yaml" in told.text
    assert str(folder) not in told.text
    assert found("volume_clause", place, DAY).rating == "red"


def test_a_scope_of_its_own_is_green_when_it_is_given_and_amber_while_it_is_illustrative(opened, folder):
    row = '{option: full, service_line: qof, share_in_scope: "1", pooled_view: "1", stays_with_practices: "0"}'
    for status, rating in (("given", "green"), ("illustrative", "amber")):
        (folder / "contract" / "scope.yaml").write_text(
            "scope:\n  label: Agreed scope\n  meaning: Ours.\n  unit: share\n  values:\n    2026-04-01:\n"
            f"      status: {status}\n      source: {{title: Board paper}}\n      value:\n        - {row}\n"
        )
        found = entries(opened())["scope_agreed"].found
        assert (found.rating, "2026-04-01" in found.text) == (rating, True)


def test_practices_that_said_nothing_are_named(opened, folder):
    held = entries(opened())["participation_known"].found
    assert held.rating == "amber"
    assert "12 of 14" in held.text
    assert "X90013, X90014" in held.text
    (folder / "participation.csv").unlink()
    assert entries(opened())["participation_known"].rating == "red"
    assert entries(opened())["statements_balance"].rating == "red"


def test_the_way_back_is_two_years_after_joining_with_a_year_of_notice(opened):
    text = entries(opened())["right_to_return"].found.text
    assert "2028-04-01, with notice by 2027-04-01" in text


def test_the_illustrative_share_is_that_of_lines_not_paid_to_practices(opened):
    held = opened()
    sums = {
        line.service_line.code: sum(line.baseline.by_key().values(), Decimal(0))
        for line in held.care.lines
        if line.service_line.baseline == "block" or line.service_line.code == "prescribing"
    }
    whole = sum((sum(line.baseline.by_key().values(), Decimal(0)) for line in held.care.lines), Decimal(0))
    share = 100 * sum(sums.values()) / whole
    assert f"{share:.1f} %" in found("illustrative_share", held, DAY).text


@pytest.mark.parametrize(
    ("green", "amber", "rating"), [("0.1", "0.5", "red"), ("0.1", "0.93", "amber"), ("1", "1", "green")]
)
def test_thresholds_are_parameters_of_the_place(opened, folder, green, amber, rating):
    def dated(name, value):
        return (
            f"{name}:\n  label: L\n  meaning: M\n  unit: share\n  values:\n"
            f'    2016-11-01: {{value: "{value}", status: given, source: {{title: Board}}}}\n'
        )

    text = dated("assurance_illustrative_green", green) + dated("assurance_illustrative_amber", amber)
    (folder / "contract" / "thresholds.yaml").write_text(text)
    assert found("illustrative_share", opened(), DAY).rating == rating


class MovedByAPenny(OpenPlace):
    """A place whose full option has lost a penny of one practice's prescribing."""

    def options(self, on=None):
        held = super().options(on)
        portions = held.full.lines["prescribing"]
        columns = portions.in_budget.by_key()
        first = min(columns)
        moved = given_column("moved", {**columns, first: columns[first] - Decimal("0.01")}, unit="GBP", status="given")
        lines = {**held.full.lines, "prescribing": replace(portions, in_budget=moved)}
        return replace(held, full=replace(held.full, lines=lines))


def test_a_penny_lost_on_the_way_is_found(read):
    assert found("budget_reconciles", OpenPlace(read.place, inputs=read), DAY).rating == "green"
    moved = found("budget_reconciles", MovedByAPenny(read.place, inputs=read), DAY)
    assert moved.rating == "red"
    assert "full, Prescribing of X90001" in moved.text


def test_what_cannot_be_worked_out_is_red_and_says_why(opened, folder):
    (folder / "contract" / "mine.yaml").write_text(
        "chance_corridor:\n  label: L\n  meaning: M\n  unit: share\n  values:\n"
        "    2030-04-01: {value: '0.02', status: given, source: {title: Board}}\n"
    )
    held = entries(opened())["beyond_chance"]
    assert held.rating == "red"
    assert "its first holds from 2030-04-01" in held.found.text


def test_a_person_may_override_the_system_with_a_reason_and_both_are_shown(opened, answer):
    answer('baseline_complete,green,Chief finance officer,2026-03-02,lists,"Ledger, seen"'.replace("lists", ""))
    held = entries(opened())["baseline_complete"]
    assert (held.rating, held.found.rating, held.answer.rating) == ("green", "red", "green")
    assert held.overridden
    assert held.answer.note == "Ledger, seen"
    answer("baseline_complete,green,Chief finance officer,2026-03-02,,")
    with pytest.raises(InputError, match="baseline_complete is red by the system and green by its owner"):
        register(opened(), DAY)


def test_an_answer_is_old_from_the_day_a_year_later(opened, answer):
    answer("tax,green,Finance,2025-04-01,,")
    assert entries(opened(), date(2026, 4, 1))["tax"].old
    answer("tax,green,Finance,2025-04-02,,")
    assert not entries(opened(), date(2026, 4, 1))["tax"].old


def test_an_unknown_stage_is_told_and_one_stage_asks_its_own_questions_alone(opened):
    with pytest.raises(InputError, match="'signing' is no stage"):
        register(opened(), DAY, stage="signing")
    held = register(opened(), DAY, stage="go-live")
    assert [found.stage.code for found in held.stages] == ["go_live"]
    assert all("go_live" in entry.question.stages for entry in held.entries)


QUESTION = '{code: mine, stages: [STAGE], theme: T, question: Q?, good: G, status: illustrative, finds: "FINDS"}'


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (QUESTION.replace("STAGE", "signing").replace("FINDS", ""), "is no stage"),
        (QUESTION.replace("STAGE", "").replace("FINDS", ""), "names no stage"),
        (QUESTION.replace("STAGE", "go_live").replace("FINDS", "weather"), "asks the system for 'weather'"),
        (QUESTION.replace("STAGE", "go_live").replace("FINDS", "").replace("T,", '"",'), "lacks theme"),
        ("a text", "is not a list of rows"),
    ],
)
def test_questions_of_a_place_are_read_as_strictly(row, message):
    text = (
        "assurance_questions:\n  label: L\n  meaning: M\n  unit: question\n  values:\n    2016-11-01:\n"
        f"      status: given\n      source: {{title: Board}}\n      value:\n        - {row}\n"
    )
    own = Parameters({**library(), **read_parameters(text, "mine.yaml")})
    with pytest.raises(ParameterProblem, match=message):
        questions_on(own, DAY, frozenset(FINDS))


def test_the_rows_have_the_columns_of_their_table(opened):
    (first, *_) = register_rows(register(opened(), DAY))
    assert list(first) == [column.name for column in definitions()["assurance_register"]]
