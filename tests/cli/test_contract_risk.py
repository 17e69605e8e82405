"""Do `contract risk` and `contract forms` answer from a place, say where figures are from, and refuse nonsense?"""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import pytest

from commonweal.core.tables import definitions

RISK, FORMS = ("contract", "risk"), ("contract", "forms")
MANUAL = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json.md"
# Few futures, and the confidence that so few can tell.
FEW = ("--futures", 400, "--years", 2, "--confidence", "95%", "--contract", "mcp-gain-share")


@pytest.fixture
def asked(run, made):
    """A command's output of the demonstration place, worked out once for all that look at it."""

    def told(*words):
        if words not in TOLD:
            TOLD[words] = run(*words[:2], made, *words[2:])
        return TOLD[words]

    return told


TOLD = {}


def columns(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_the_parties_sum_to_nothing_and_capital_carries_the_worst_of_the_whole(asked):
    held = asked(*RISK, *FEW, "--format", "json").json()
    means = [Decimal(party["year"]["mean"]) for party in held["parties"]]
    assert [party["party"] for party in held["parties"]] == ["mcp", "commissioner", "acute"]
    assert abs(sum(means)) <= Decimal("0.02")
    provider = held["parties"][0]
    assert Decimal(provider["capital"]) >= Decimal(provider["whole_contract"]["loss_1_in_20"])
    assert Decimal(provider["capital_low"]) <= Decimal(provider["capital"]) <= Decimal(provider["capital_high"])


def test_the_same_seed_prints_the_same_bytes_and_another_does_not(run, made):
    first, again = (run(*RISK, made, *FEW, "--format", "csv").out for _ in range(2))
    assert first == again
    assert run(*RISK, made, *FEW, "--seed", 2, "--format", "csv").out != first


def test_more_practices_pooled_need_less_than_each_alone(run, made):
    held = run(*RISK, made, *FEW, "--tau", "0", "--format", "json").json()
    alone = sum(Decimal(practice["capital_alone"]) for practice in held["practices"])
    assert Decimal(held["parties"][0]["capital"]) < alone
    assert held["list_size"] == sum(practice["list_size"] for practice in held["practices"])
    assert Decimal(held["plan"]) == sum(Decimal(practice["plan"]) for practice in held["practices"])


def test_it_says_where_variation_and_baseline_are_from(run, made, asked):
    said = asked(*RISK, *FEW, "--format", "json").json()["assumed"]
    assert said[0].startswith("Baseline: the budget 2026-27")
    assert any("sigma" in text and "illustrative" in text for text in said)
    given = run(*RISK, made, *FEW, "--sigma", "2", "--format", "json").json()["assumed"]
    assert any("2.00, as given" in text for text in given)


def test_member_shares_of_the_contract_share_the_provider_s_capital_by_practice(run, made):
    held = run(*RISK, made, *FEW, "--contract", "mcp-partial", "--format", "json").json()
    shares = [Decimal(practice["share"]) for practice in held["practices"]]
    assert sum(shares) == pytest.approx(Decimal(1), abs=Decimal("0.0001"))
    capital = Decimal(held["parties"][0]["capital"])
    for practice, share in zip(held["practices"], shares, strict=True):
        assert Decimal(practice["capital_of_share"]) == pytest.approx(share * capital, rel=Decimal("0.001"))


def test_the_columns_are_those_that_are_defined(run, asked):
    printed = {
        "contract_risk": columns(asked(*RISK, *FEW, "--format", "csv").out),
        "contract_risk_curve": columns(asked(*RISK, *FEW, "--curves", "--format", "csv").out),
        "contract_stress": columns(asked(*RISK, "--stress", "all", "--format", "csv").out),
        "contract_form": columns(run(*FORMS, "--format", "csv").out),
    }
    for name, rows in printed.items():
        assert list(rows[0]) == [column.name for column in definitions()[name]]


def test_all_stress_tests_are_named_with_their_source(asked):
    held = asked(*RISK, "--stress", "all", "--format", "json").json()["stress"]
    assert [test["test"] for test in held] == ["baseline", "volume", "list", "practice", "stopped"]
    assert "Cambridgeshire" in held[0]["source"]["title"]
    for test in held:
        results = sum(Decimal(party["result"]) for party in test["parties"])
        assert results == -Decimal(test["unpaid"])


def test_the_text_says_the_capital_first_and_its_curves_after(run, made):
    said = run(*RISK, made, *FEW).out
    assert "stay solvent to the end in 95.0 % of 400 futures" in " ".join(said.split())
    assert "Stop-loss: a person's cost above a point is somebody else's" in said
    assert "What is assumed" in said


def test_the_page_draws_each_curve_with_its_table_beside_it(run, made, tmp_path):
    run(*RISK, made, *FEW, "--save", tmp_path / "risk.html")
    page = (tmp_path / "risk.html").read_text(encoding="utf-8")
    assert page.count("<svg") >= 5
    for caption in ("How often a loss is larger", "Years settled together", "Lists of another size"):
        assert caption in page


def test_forms_stand_beside_the_capital_that_the_place_needs(run, asked):
    risk = asked(*RISK, *FEW, "--format", "json").json()["parties"][0]
    forms = asked(*FORMS, *FEW, "--format", "json").json()
    assert forms["capital"] == risk["capital"]
    assert len(forms["forms"]) == 7
    assert "capital" not in run(*FORMS, "--format", "json").json()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--futures", "0"), 2),
        (("--futures", "50"), 3),
        (("--confidence", "100%"), 2),
        (("--stress", "nosuch"), 2),
        (("--practice", "X90001"), 2),
        (("--curves",), 2),
        (("--stress", "practice", "--practice", "X1"), 3),
        (("--line", "nosuch"), 3),
        (("--contract", "nosuch"), 10),
        (("--contract", "mssp", "--clause", "enhanced"), 3),
        (("--on", "1990-01-01"), 8),
        (("--tau", "110%"), 2),
        (("--save", "risk.docx"), 3),
    ],
)
def test_nonsense_is_refused_with_its_code(run, made, words, code):
    done = run(*RISK, made, *words)
    assert (done.code, bool(done.err)) == (code, True), done.err


@pytest.mark.parametrize("words", [(*RISK, "--stress", "all"), (*RISK, *FEW), (*FORMS, *FEW)], ids=lambda held: held[1])
def test_every_key_is_in_the_manual(asked, words):
    def keys(held):
        if isinstance(held, dict):
            for key, value in held.items():
                yield key
                yield from keys(value)
        elif isinstance(held, list):
            for value in held:
                yield from keys(value)

    documented = set(re.findall(r"`([a-z_0-9]+)`", MANUAL.read_text(encoding="utf-8")))
    found = set(keys(asked(*words, "--format", "json").json()))
    assert found <= documented, sorted(found - documented)
