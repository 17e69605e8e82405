"""In what stable shape are scores, performance pay and its verification handed to other programs?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from commonweal.contract.performance.futures import PayByChance
from commonweal.contract.performance.performance import Performance
from commonweal.contract.performance.performance_verification import PerformanceVerification
from commonweal.core.amounts import Line, total
from commonweal.core.explanation import explanation_tree, plain_text, reliability, value_text


def scores_record(contract: str, found: Mapping[str, Performance], ranges: Mapping[str, PayByChance]) -> dict[str, Any]:
    """Every scheme of a contract as nested data: measures, domains, total, money, and the whole explanation."""
    return {
        "contract": contract,
        "on": next(iter(found.values())).on.isoformat(),
        "earned_together": _text(earned_together(found)),
        "schemes": [_scheme(held, ranges.get(name)) for name, held in found.items()],
    }


def earned_together(found: Mapping[str, Performance]) -> Line | None:
    """What all schemes earn; None where one of them was not paid, or they are paid in different units."""
    earned = [held.payment.earned for held in found.values()]
    lines = [line.renamed(held.scheme.label) for line, held in zip(earned, found.values(), strict=True) if line]
    if len(lines) < len(earned) or len({line.unit for line in lines}) != 1:
        return None
    return total("earned by all schemes", *lines)


def _scheme(held: Performance, chance: PayByChance | None) -> dict[str, Any]:
    paid = held.payment
    return {
        "scheme": held.scheme.name,
        "label": held.scheme.label,
        "unit": held.scheme.unit,
        "measures": [{key: row[key] for key in OF_MEASURE} for row in _measure_rows(held)],
        "domains": [{key: row[key] for key in OF_DOMAIN} for row in _domain_rows(held)],
        "total": _text(held.total.score),
        "greatest_total": _text(held.total.most),
        "why": held.total.why,
        "pool": _text(paid.pool),
        "earned": _text(paid.earned),
        "earned_from": None if chance is None else f"{chance.low:.2f}",
        "earned_to": None if chance is None else f"{chance.high:.2f}",
        "interim": _text(paid.interim),
        "instalments": [_text(line) for line in paid.instalments],
        "true_up": _text(paid.true_up),
        "status": reliability(held.result) if held.result is not None else None,
        "explanation": explanation_tree(held.result) if held.result is not None else None,
    }


COLUMNS = (
    "scheme",
    "kind",
    "name",
    "label",
    "domain",
    "value",
    "score",
    "most",
    "weight",
    "amount",
    "state",
    "why",
    "value_from",
    "value_to",
    "score_from",
    "score_to",
)
OF_MEASURE = tuple(name for name in COLUMNS if name not in ("scheme", "kind", "weight", "amount"))
OF_DOMAIN = ("name", "label", "score", "most", "weight", "amount", "why")
EMPTY: dict[str, Any] = dict.fromkeys(COLUMNS)


def score_rows(found: Mapping[str, Performance], ranges: Mapping[str, PayByChance]) -> list[dict[str, Any]]:
    """One row a measure, domain, total and sum of money, scheme by scheme."""
    return [row for name, held in found.items() for row in _rows(held, ranges.get(name))]


def _rows(held: Performance, chance: PayByChance | None) -> Iterator[dict[str, Any]]:
    yield from _measure_rows(held)
    yield from _domain_rows(held)
    scheme = held.scheme.name
    yield {
        **EMPTY,
        "scheme": scheme,
        "kind": "total",
        "name": "total",
        "label": held.scheme.total.label,
        "score": _text(held.total.score),
        "most": _text(held.total.most),
        "why": held.total.why or None,
    }
    paid = held.payment
    sums = {"pool": paid.pool, "earned": paid.earned, "interim": paid.interim, "true_up": paid.true_up}
    for name, line in sums.items():
        if line is None:
            continue
        row = {**EMPTY, "scheme": scheme, "kind": "money", "name": name, "label": line.name, "amount": _text(line)}
        if name == "earned" and chance is not None:
            row |= {"value_from": f"{chance.low:.2f}", "value_to": f"{chance.high:.2f}"}
        yield row


def _measure_rows(held: Performance) -> Iterator[dict[str, Any]]:
    for name, score in held.measures.items():
        chance = held.chance.get(name)
        yield {
            **EMPTY,
            "scheme": held.scheme.name,
            "kind": "measure",
            "name": name,
            "label": held.scheme.measures[name].label,
            "domain": held.scheme.measures[name].domain,
            "value": _text(score.value),
            "score": _text(score.points),
            "most": _text(score.most),
            "state": score.state,
            "why": score.why or None,
            "value_from": _number(chance.low if chance else None),
            "value_to": _number(chance.high if chance else None),
            "score_from": _number(chance.fewest if chance else None),
            "score_to": _number(chance.most if chance else None),
        }


def _domain_rows(held: Performance) -> Iterator[dict[str, Any]]:
    for name, domain in held.domains.items():
        yield {
            **EMPTY,
            "scheme": held.scheme.name,
            "kind": "domain",
            "name": name,
            "label": held.scheme.domains[name].label,
            "score": _text(domain.score),
            "most": _text(domain.most),
            "weight": _text(domain.counted_weight),
            "amount": _text(held.payment.by_domain.get(name)),
            "why": domain.why or None,
        }


def _text(line: Line | None) -> str | None:
    return None if line is None else value_text(line, separators=False)


def _number(number: Decimal | None) -> str | None:
    return None if number is None else plain_text(number)


def performance_verification_record(found: PerformanceVerification) -> dict[str, Any]:
    """A verification as nested data, with the explanation of each score that does not match."""
    rows = [
        {**cells, "explanation": explanation_tree(row.recomputed) if row.recomputed is not None else None}
        for cells, row in zip(performance_verification_rows(found), found.unmatched, strict=True)
    ]
    return {
        "folder": found.folder,
        "contract": found.contract,
        "hospitals": found.hospitals,
        "matched": found.matched,
        "of": found.of,
        "kinds": [{"kind": kind, "matched": matched, "of": of} for kind, (matched, of) in found.by_kind().items()],
        "rows": rows,
    }


def performance_verification_rows(found: PerformanceVerification) -> list[dict[str, Any]]:
    """One row for each score that does not match."""
    return [
        {
            "hospital": row.hospital,
            "kind": row.kind,
            "name": row.of,
            "published": _number(row.published),
            "recomputed": _number(row.ours),
            "low": _number(row.low),
            "high": _number(row.high),
        }
        for row in found.unmatched
    ]
