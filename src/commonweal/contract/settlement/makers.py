"""How is the amount of each operation made?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from commonweal.contract.settlement import operations as op
from commonweal.contract.settlement.working import ZERO, Maker, Working
from commonweal.core.amounts import Line, given, less, one_less, one_plus, over, times, to_penny, total
from commonweal.core.choices import at_least, at_most, beyond_sides, by_sign, chosen
from commonweal.core.errors import InputError


def _scope(w: Working, step: op.Scope, label: str) -> Line:
    lines = []
    for name, share in step.lines.items():
        line = w.get(name)
        lines.append(line if share is None else times(f"{line.name}, in scope", line, w.get(share)))
    return total(label, *lines, working="the lines in scope, added up")


def _expected(w: Working, step: op.Expected, label: str) -> Line:
    line = w.get(step.baseline)
    if step.uplift:
        uplift = w.get(step.uplift)
        line = times(f"{line.name}, uplifted", line, one_plus(f"1 + {uplift.name}", uplift))
    if step.list_now and step.list_base:
        grown = _ratio(w, "list now ÷ list of the baseline", step.list_now, step.list_base)
        line = times(f"{line.name}, by list", line, grown)
    if step.casemix_now and step.casemix_base:
        mix = _ratio(w, "casemix now ÷ casemix of the baseline", step.casemix_now, step.casemix_base)
        line = times(f"{line.name}, by casemix", line, mix)
    return line.renamed(label) if line.working else line


def _ratio(w: Working, name: str, now: str, base: str) -> Line:
    try:
        return over(name, w.get(now), w.get(base))
    except ZeroDivisionError:
        raise InputError(f"'{base}' is zero.", where=w.clause.name, mend="Give it above zero.") from None


def _adjusted(w: Working, step: op.Adjusted, label: str) -> Line:
    if not w.has(step.by):
        return w.undone(label, w.get(step.of), step.by, "left as it is")
    return (less if step.sense == "less" else total)(label, w.get(step.of), w.get(step.by))


def _difference(w: Working, step: op.Difference, label: str) -> Line:
    return less(label, w.get(step.expected), w.get(step.actual))


def _price(w: Working, step: op.Price, label: str) -> Line:
    line = w.get(step.of)
    if step.tariff:
        tariff = w.get(step.tariff)
        line = times(f"{line.name}, at tariff", line, tariff, unit=tariff.unit)
    if step.marginal:
        moved = times(f"{line.name}, cost that moves", line, w.get(step.marginal))
        line = _on_sides(line, moved, step.sides, label)
    return line.renamed(label)


def _truncated(w: Working, step: op.Truncated, label: str) -> Line:
    line = w.get(step.of)
    if not w.has(step.above):
        return w.undone(label, line, step.above, "not truncated")
    above = w.get(step.above)
    if step.share:
        above = times(f"{above.name}, taken over", above, w.get(step.share))
    return less(label, line, above)


def _threshold(w: Working, name: str | None, by: str | None, base: Line, what: str) -> Line | None:
    rate = w.width(name, by)
    return None if rate is None else times(what, base, rate, unit=base.unit)


def _corridor(w: Working, step: op.Corridor, label: str) -> Line:
    line, base = w.get(step.of), w.get(step.base)
    gain = _threshold(w, step.gain, step.by, base, "corridor of gains")
    same = step.gain == step.loss
    loss = gain if same else _threshold(w, step.loss, step.by, base, "corridor of losses")
    words = {
        "trigger": "the whole once past its corridor",
        "first_pound": "the whole once at or past its corridor",
        "deductible": "the part beyond its corridor",
    }
    sides = "" if gain and loss else ("; gains only" if gain else "; losses only")
    whole, at = step.convention != "deductible", step.convention == "first_pound"
    said = f"{line.name}: {words[step.convention]}{sides}"
    return beyond_sides(label, line, gain, loss, whole=whole, at=at, working=said)


def _limit(w: Working, step: op.Limit, label: str) -> Line:
    line = w.get(step.of)
    if not w.has(step.base):
        return w.undone(label, line, step.base, "not limited")
    base = w.get(step.base)
    cap = _threshold(w, step.cap, step.by, base, "cap")
    collar = _threshold(w, step.collar, step.by, base, "collar")
    if cap is not None:
        line = at_most(label, line, cap)
    if collar is not None:
        line = at_least(label, line, times("collar as a loss", collar, given("a loss", "-1", unit="ratio")))
    return line


def _rate(w: Working, step: op.Rate, label: str) -> Line:
    rate = w.get(step.maximum)
    if step.quality:
        rate = times(label, rate, w.get(step.quality))
    if step.gate:
        rate = chosen(label, w.get(step.gate), rate, given("nothing", ZERO, unit=rate.unit))
    return rate


def _loss_rate(w: Working, step: op.LossRate, label: str) -> Line:
    most = w.get(step.most)
    kept = one_less("1 − share", times("share by quality", w.get(step.maximum), w.get(step.quality)))
    rate = at_most(label, at_least("loss rate, at least", kept, w.get(step.least)), most)
    return chosen(label, w.get(step.gate), rate, most) if step.gate else rate


def _share(w: Working, step: op.Share, label: str) -> Line:
    line = w.get(step.of)
    gain = w.get(step.gain) if step.gain else None
    loss = w.get(step.loss) if step.loss else None
    rate = by_sign("share", line, gain, loss, "the share of a gain or of a loss, by which it is")
    return times(label, line, rate)


def _on_sides(line: Line, changed: Line, sides: Literal["gains", "losses", "both"], label: str) -> Line:
    if sides == "both":
        return changed.renamed(label)
    if sides == "losses":
        return by_sign(label, line, line, changed, f"{changed.name} of a loss; a gain as it is")
    return by_sign(label, line, changed, line, f"{changed.name} of a gain; a loss as it is")


def _quality(w: Working, step: op.Quality, label: str) -> Line:
    line, by = w.get(step.of), w.get(step.by)
    if step.form == "gate":
        changed = chosen(f"{line.name}, if {by.name}", by, line, given("nothing", ZERO, unit=line.unit))
    else:
        changed = times(f"{line.name} × quality", line, by)
    return _on_sides(line, changed, step.sides, label)


def _top_slice(w: Working, step: op.TopSlice, label: str) -> Line:
    line, rate = w.get(step.of), w.get(step.rate)
    kept = times(f"{line.name}, after {rate.name}", line, one_less(f"1 − {rate.name}", rate))
    return _on_sides(line, kept, step.sides, label)


def _relief(w: Working, step: op.Relief, label: str) -> Line:
    line = w.get(step.of)
    if not w.has(step.amount):
        return w.undone(label, line, step.amount, "no relief")
    amount = w.get(step.amount)
    if step.part is not None and w.has(step.part):
        amount = times(f"{amount.name}, for the part of the year", amount, w.get(step.part))
    eased = total(f"{line.name}, relieved", line, amount)
    nothing = given("nothing", ZERO, unit=line.unit)
    return by_sign(label, line, line, at_most("loss, at least nothing", eased, nothing), "a loss eased by relief")


def _part_year(w: Working, step: op.PartYear, label: str) -> Line:
    if not w.has(step.part):
        return w.undone(label, w.get(step.of), step.part, "for the whole year")
    return times(label, w.get(step.of), w.get(step.part))


def _pool(w: Working, step: op.Pool, label: str) -> Line:
    years = w.get(step.years).amount
    if years != years.to_integral_value() or years < 1:
        raise InputError(f"{years} is no number of years.", where=f"{w.clause.name}: {step.years}", mend="Write 3.")
    lines, year = [w.get(step.of)], w.before
    while year is not None and len(lines) < years:
        lines.append(year.amount(step.of))
        year = year.before
    if len(lines) < years:
        w.notes.append(f"{label}: {len(lines)} of {years} years pooled, as the years before were not given.")
    return total(label, *lines, working=f"{len(lines)} of {years} years added up")


def _carried(w: Working, step: op.Carried, label: str) -> Line:
    line = w.get(step.of)
    if w.before is not None:
        balance = w.before.amount(step.name)
        return total(label, line, _side("carried from the years before", balance, step.side))
    return total(label, line, w.get(step.brought)) if step.brought and w.has(step.brought) else line.renamed(label)


def _side(label: str, line: Line, side: Literal["loss", "gain", "both"]) -> Line:
    if side == "both":
        return line
    nothing = given("nothing", ZERO, unit=line.unit)
    return at_most(label, line, nothing) if side == "loss" else at_least(label, line, nothing)


def _one_side(w: Working, step: op.OneSide, label: str) -> Line:
    return _side(label, w.get(step.of), step.side)


def _choose(w: Working, step: op.Choose, label: str) -> Line:
    if not w.has(step.when):
        return w.get(step.otherwise)
    return chosen(label, w.get(step.when), w.get(step.then), w.get(step.otherwise))


def _round(w: Working, step: op.Round, label: str) -> Line:
    return to_penny(label, w.get(step.of))


MAKERS: Mapping[type[op.Operation], Maker] = {
    op.Scope: _scope,
    op.Expected: _expected,
    op.Adjusted: _adjusted,
    op.Difference: _difference,
    op.Price: _price,
    op.Truncated: _truncated,
    op.Corridor: _corridor,
    op.Limit: _limit,
    op.Rate: _rate,
    op.LossRate: _loss_rate,
    op.Share: _share,
    op.Quality: _quality,
    op.TopSlice: _top_slice,
    op.Relief: _relief,
    op.PartYear: _part_year,
    op.Pool: _pool,
    op.Carried: _carried,
    op.OneSide: _one_side,
    op.Choose: _choose,
    op.Round: _round,
}
