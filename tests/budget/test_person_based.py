"""How are a place's people weighed, what must always hold, and what does a budget do with it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
import yaml
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from commonweal.budget.care_budget import care_budget, regrouped
from commonweal.budget.inputs import TargetNeed
from commonweal.budget.person_based import ComponentWeights, LearnedCells, component_weights
from commonweal.core.amounts import Source
from commonweal.core.parameters import Parameters, library, read_parameters
from commonweal.core.periods import Period, financial_year
from commonweal.need.cost_on_need import Cells, read_cells
from commonweal.need.cost_on_need_cells import BY

YEAR = Period(date(2025, 4, 1), date(2026, 4, 1), "the year")
DAYS = 365
Kind = tuple[str, str, int, Sequence[int]]


def set_to(**held: Any) -> Parameters:
    """The library with some values replaced."""
    text = {
        name: {
            "label": library()[name].label,
            "meaning": "set by the test",
            "unit": library()[name].unit,
            "values": {date(2010, 4, 1): {"value": value, "status": "illustrative", "source": {"title": "A test"}}},
        }
        for name, value in held.items()
    }
    return Parameters({**library(), **read_parameters(yaml.safe_dump(text), "test.yaml")})


BY_AGE = set_to(person_based_variables=["age_sex"], person_based_supply="none")


def cells_of(kinds: Sequence[Kind], *, costed: bool = True) -> Cells:
    """Cells from rows of practice, age, people, and what each of them costs in turn, in pence."""
    rows = []
    for practice, age, people, costs in kinds:
        pence = [costs[n % len(costs)] for n in range(people)]
        key = dict(zip(BY, (practice, age, "1", "CS1", "no"), strict=True))
        spent = {
            "days": people * DAYS,
            "days_squared": people * DAYS**2,
            "cost_community": sum(pence),
            "cost_days_community": sum(pence) * DAYS,
            "cost_squared_community": sum(p * p for p in pence),
        }
        rows.append({**key, "people": people, **spent})
    return read_cells(pa.Table.from_pylist(rows), ("community",) if costed else ())


def weighed(
    kinds: Sequence[Kind],
    published: Mapping[str, int | Decimal],
    listed: Mapping[str, int] | None = None,
    *,
    before: Sequence[Kind] | None = None,
    parameters: Parameters = BY_AGE,
) -> ComponentWeights:
    """Weights by age alone of practices whose people, and their costs, are these."""
    people: dict[str, int] = {}
    for practice, _, count, _ in kinds:
        people[practice] = people.get(practice, 0) + count
    return component_weights(
        "community",
        ("community",),
        learned=LearnedCells(YEAR, cells_of(kinds)),
        before=LearnedCells(YEAR, cells_of(before)) if before else None,
        today=cells_of(kinds, costed=False),
        published={code: Decimal(n) for code, n in published.items()},
        listed={code: Decimal(n) for code, n in (listed or people).items()},
        parameters=parameters,
    )


def by_practice(held: ComponentWeights, column: str) -> dict[str, Any]:
    return {row.practice_code: getattr(row, column) for row in held.practices}


# Young people cost £100 and old ones £500: P0 has 30 and 10 of them, £8,000; P1 has 10 and 30, £16,000.
TWO = [
    ("P0", "F 0", 30, [10_000]),
    ("P0", "F 75", 10, [50_000]),
    ("P1", "F 0", 10, [10_000]),
    ("P1", "F 75", 30, [50_000]),
]


def test_the_index_is_what_a_practices_people_cost_over_what_the_places_do():
    found = weighed(TWO, {"P0": 40, "P1": 40})
    # £200 and £400 a head, of £300.
    assert by_practice(found, "person_index") == {"P0": Decimal("0.666667"), "P1": Decimal("1.333333")}
    assert by_practice(found, "published_index") == {"P0": Decimal(1), "P1": Decimal(1)}


def test_weighted_people_are_index_times_list_and_sum_to_the_published_ones():
    found = weighed(TWO, {"P0": 50, "P1": 49})
    # 99 weighted people, a third and two thirds.
    assert by_practice(found, "person_weighted_people") == {"P0": Decimal(33), "P1": Decimal(66)}


def test_a_record_of_part_of_a_practices_people_weighs_all_of_its_list():
    whole = weighed(TWO, {"P0": 60, "P1": 60}, {"P0": 400, "P1": 400})
    part = [("P0", "F 0", 3, [10_000]), ("P0", "F 75", 1, [50_000]), *TWO[2:]]
    found = weighed(part, {"P0": 60, "P1": 60}, {"P0": 400, "P1": 400})
    assert by_practice(found, "person_weighted_people") == by_practice(whole, "person_weighted_people")


def test_where_cost_has_no_chance_in_it_the_interval_is_the_index_itself():
    for row in weighed(TWO, {"P0": 40, "P1": 40}).practices:
        assert row.lower == pytest.approx(row.person_index, abs=Decimal("0.000002"))
        assert row.upper == pytest.approx(row.person_index, abs=Decimal("0.000002"))
        assert row.beyond_chance


def test_chance_widens_the_interval_by_the_root_of_the_people():
    some = [("P0", "F 0", 100, [0, 20_000]), ("P1", "F 0", 100, [0, 20_000])]
    few, many = (
        weighed(some, {"P0": 1, "P1": 1}),
        weighed([(p, a, 4 * n, c) for p, a, n, c in some], {"P0": 1, "P1": 1}),
    )
    # One effect, the mean, which scales all alike: only chance of own people is left, 1 of 1 a head, over 10 and 20.
    assert float(few.practices[0].upper) == pytest.approx(1 + 1.959964 * 0.1, rel=1e-5)
    assert float(many.practices[0].upper) == pytest.approx(1 + 1.959964 * 0.05, rel=1e-5)
    assert not few.practices[0].beyond_chance


def test_kinds_foretold_to_cost_less_than_nothing_are_weighed_as_nothing_and_counted():
    # Additive effects of age and fifth on three kinds that do not add up: the fourth kind would cost less than nothing.
    rows = [
        ("P0", "F 0", "1", 100, 10_000),
        ("P0", "F 0", "2", 100, 0),
        ("P0", "F 75", "1", 100, 0),
        ("P1", "F 75", "2", 1, 0),
    ]
    table = pa.Table.from_pylist(
        [
            {
                **dict(zip(BY, (practice, age, fifth, "CS1", "no"), strict=True)),
                "people": people,
                "days": people * DAYS,
                "days_squared": people * DAYS**2,
                "cost_community": people * pence,
                "cost_days_community": people * pence * DAYS,
                "cost_squared_community": people * pence**2,
            }
            for practice, age, fifth, people, pence in rows
        ]
    )
    found = component_weights(
        "community",
        ("community",),
        learned=LearnedCells(YEAR, read_cells(table, ("community",))),
        before=None,
        today=read_cells(table, ()),
        published={"P0": Decimal(300), "P1": Decimal(1)},
        listed={"P0": Decimal(300), "P1": Decimal(1)},
        parameters=set_to(person_based_variables=["age_sex", "deprivation"], person_based_supply="none"),
    )
    assert found.cells_at_nothing >= 1
    assert by_practice(found, "person_index")["P1"] == 0
    assert min(row.person_weighted_people for row in found.practices) == 0


def test_age_learned_the_year_before_explains_the_next_and_flat_published_weights_nothing():
    found = weighed(TWO, {"P0": 40, "P1": 40}, before=TWO)
    shares = {row.weights: (row.people, row.practices) for row in found.explained}
    assert shares["age and sex"] == (1, 1)
    assert shares["published practice weights"] == (0, 0)


def test_published_weights_that_are_right_explain_all_between_practices_but_not_between_people():
    found = weighed(TWO, {"P0": 20, "P1": 40}, before=TWO)
    theirs = next(row for row in found.explained if row.weights == "published practice weights")
    # 40 young people at £100 and 40 old ones at £500 about a mean of £300; foretold £200 in P0 and £400 in P1.
    about = 40 * 200**2 + 40 * 200**2
    left = 30 * 100**2 + 10 * 300**2 + 10 * 300**2 + 30 * 100**2
    assert theirs.practices == 1
    assert theirs.people == (1 - Decimal(left) / about).quantize(Decimal("0.000001"))


kinds_of_places = st.lists(
    st.tuples(
        st.sampled_from(["P0", "P1", "P2"]),
        st.sampled_from(["F 0", "F 45", "M 75"]),
        st.integers(1, 300),
        st.lists(st.integers(1, 10**7), min_size=1, max_size=4),
    ),
    min_size=2,
    max_size=9,
    unique_by=lambda kind: kind[:2],
)


def listed_in(kinds: Sequence[Kind]) -> dict[str, int]:
    lists: dict[str, int] = {}
    for practice, _, people, _ in kinds:
        lists[practice] = lists.get(practice, 0) + people
    return lists


@settings(max_examples=60, deadline=None)
@for_any(kinds_of_places, st.data())
def test_weights_always_sum_to_the_published_ones_and_none_is_below_nothing(kinds, data):
    published = {p: data.draw(st.decimals("0.5", "90000", places=6)) for p in listed_in(kinds)}
    found = weighed(kinds, published)
    assert sum(by_practice(found, "person_weighted_people").values()) == sum(published.values())
    assert min(by_practice(found, "person_weighted_people").values()) >= 0
    for row in found.practices:
        assert row.lower <= row.person_index <= row.upper


@settings(max_examples=40, deadline=None)
@for_any(kinds_of_places)
def test_everybody_twice_changes_no_index_and_narrows_every_interval(kinds):
    lists = listed_in(kinds)
    once = weighed(kinds, lists)
    twice = weighed([(p, a, 2 * n, [c for c in costs for _ in (0, 1)]) for p, a, n, costs in kinds], lists)
    for one, two in zip(once.practices, twice.practices, strict=True):
        assert float(two.person_index) == pytest.approx(float(one.person_index), abs=2e-6)
        wide, narrow = float(one.upper - one.lower), float(two.upper - two.lower)
        assert narrow == pytest.approx(wide / 2**0.5, rel=1e-3, abs=1e-5)


@settings(max_examples=40, deadline=None)
@for_any(kinds_of_places)
def test_merging_two_practices_adds_up_their_weighted_people_and_leaves_the_others(kinds):
    lists = listed_in(kinds)
    # One person's cost each, so that a kind of the merged practice costs what its parts did.
    even = [(p, a, n, [costs[0]]) for p, a, n, costs in kinds]
    apart = by_practice(weighed(even, lists), "person_weighted_people")
    new = {"P0": "P9", "P1": "P9"}
    merged = [(new.get(p, p), a, n, costs) for p, a, n, costs in even]
    together = by_practice(weighed_rows(merged, lists, new), "person_weighted_people")
    for code in together:
        parts = sum((w for p, w in apart.items() if new.get(p, p) == code), Decimal(0))
        assert float(together[code]) == pytest.approx(float(parts), abs=0.01)


def weighed_rows(kinds: Sequence[Kind], lists: Mapping[str, int], new: Mapping[str, str]) -> ComponentWeights:
    """Weights after practices took new codes; kinds of one practice and age are put together."""
    held: dict[tuple[str, str], list[int]] = {}
    for practice, age, people, costs in kinds:
        held.setdefault((practice, age), []).extend([costs[0]] * people)
    joined = {new.get(p, p): sum(n for q, n in lists.items() if new.get(q, q) == new.get(p, p)) for p in lists}
    return weighed([(p, a, len(costs), costs) for (p, a), costs in held.items()], joined, joined)


def own_need(people: Mapping[str, str]) -> dict[str, TargetNeed]:
    weighted = {code: Decimal(n) for code, n in people.items()}
    return {"community": TargetNeed(weighted, "illustrative", Source("the place's own record, made up"))}


def budget_of(place: Any, **more: str) -> Any:
    still = {"gdp_deflator": "100", "pace_of_change_limit": "1", "transition_weight": "1"}
    nothing = dict.fromkeys(("demography_growth", "other_growth", "efficiency", "unregistered_share"), "0")
    parameters = set_to(**{**still, **nothing, **more})
    return care_budget(place, financial_year("2023-24"), parameters)


def test_a_target_by_the_own_record_moves_money_between_practices_and_leaves_the_whole(make_place):
    place = make_place({"A": 1000, "B": 2000})
    ours = replace(place, target_need=own_need({"A": "1500", "B": "1500"}))
    before, after = budget_of(place, community="100"), budget_of(ours, community="100")
    assert before.line("community").funded.by_key() == {"A": Decimal("100000.00"), "B": Decimal("200000.00")}
    assert after.line("community").funded.by_key() == {"A": Decimal("150000.00"), "B": Decimal("150000.00")}
    assert before.line("prescribing").funded.by_key() == after.line("prescribing").funded.by_key()


def test_a_line_whose_target_rests_on_the_own_record_says_so_and_how_sure_it_is(make_place):
    place = replace(make_place({"A": 1000, "B": 2000}), target_need=own_need({"A": "1500", "B": "1500"}))
    column = budget_of(place).line("community").funded
    supplied = [line for line in column.supplied("illustrative") if line.name.startswith("weighted population by")]
    assert [str(line.source) for line in supplied] == ["the place's own record, made up"]
    others = budget_of(make_place({"A": 1000, "B": 2000})).line("community").funded
    assert not [line for line in others.supplied("illustrative") if line.name.startswith("weighted population by")]


def test_the_baseline_stays_by_published_weights(make_place):
    place = make_place({"A": 1000, "B": 2000})
    ours = replace(place, target_need=own_need({"A": "1500", "B": "1500"}))
    assert budget_of(ours).line("community").baseline.by_key() == budget_of(place).line("community").baseline.by_key()


def test_regrouping_practices_conserves_a_budget_by_the_own_record(make_place):
    place = replace(make_place({"A": 1000, "B": 2000}), target_need=own_need({"A": "1234.567", "B": "1765.433"}))
    care = budget_of(place)
    parts = regrouped(care, {"N1": ("A",), "N2": ("B",)})
    assert sum(line.amount for line in parts.values()) == care.total.amount
