"""Which operations may a gain and loss share be made of?

Each makes one named amount from inputs, terms and amounts made before it; the clause says the order.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from commonweal.contract.clauses.clause import NAME, Strict

Sides = Literal["gains", "both"]


class Operation(Strict):
    """One step: what it makes, and under which label it is explained. `refers` are its fields that name an amount."""

    refers: ClassVar[tuple[str, ...]] = ()
    name: str = Field(pattern=NAME)
    label: str = ""

    def named(self) -> dict[str, str]:
        """The amounts it stands on, by field."""
        return {field: getattr(self, field) for field in self.refers if getattr(self, field) is not None}


class Scope(Operation):
    """Spend on the lines in scope: each line × the share of it in scope (the whole where none is named), added up."""

    do: Literal["scope"]
    lines: dict[str, str | None] = Field(min_length=1, description="Amount of a line: the share of it in scope.")

    def named(self) -> dict[str, str]:
        """Each line, and the share of it."""
        lines = {f"lines.{name}": name for name in self.lines}
        return lines | {f"lines.{name}.share": share for name, share in self.lines.items() if share is not None}


class Expected(Operation):
    """Baseline × (1 + uplift) × list now ÷ list then × casemix now ÷ casemix then; a pair not named is left out."""

    refers = ("baseline", "uplift", "list_now", "list_base", "casemix_now", "casemix_base")
    do: Literal["expected"]
    baseline: str
    uplift: str | None = None
    list_now: str | None = None
    list_base: str | None = None
    casemix_now: str | None = None
    casemix_base: str | None = None


class Price(Operation):
    """What a difference is worth: × the tariff where it is one of activity, × the marginal rate where one is named.

    At full tariff the trust bears the cost that stays when activity leaves; at a marginal rate only the cost that
    really moves is shared, on the sides named.
    """

    refers = ("of", "tariff", "marginal")
    do: Literal["price"]
    of: str
    tariff: str | None = None
    marginal: str | None = None
    sides: Literal["gains", "losses", "both"] = "both"


class Truncated(Operation):
    """Spend less what single people cost above an agreed point; of that only a share where one is named."""

    refers = ("of", "above", "share")
    do: Literal["truncated"]
    of: str
    above: str
    share: str | None = None


class Adjusted(Operation):
    """An amount less another, or with it added: truncation of a person's cost, an agreed exclusion."""

    refers = ("of", "by")
    do: Literal["adjusted"]
    of: str
    by: str
    sense: Literal["less", "more"] = "less"


class Difference(Operation):
    """Expected less actual: a gain is above zero."""

    refers = ("expected", "actual")
    do: Literal["difference"]
    expected: str
    actual: str


class Corridor(Operation):
    """What counts past a corridor, each side a share of a base; a side left out never counts.

    trigger: the whole once past it; first_pound: the whole once at or past it; deductible: the part beyond it.
    A width is a number, or a table looked up `by` an input.
    """

    refers = ("of", "base", "gain", "loss", "by")
    do: Literal["corridor"]
    of: str
    base: str
    convention: Literal["trigger", "deductible", "first_pound"]
    gain: str | None = None
    loss: str | None = None
    by: str | None = None


class Limit(Operation):
    """No more than cap × base of gain, nor collar × base of loss; passed through where an optional base is not given.

    A cap or collar is a number, or a table looked up `by` an input.
    """

    refers = ("of", "base", "cap", "collar", "by")
    do: Literal["limit"]
    of: str
    base: str
    cap: str | None = None
    collar: str | None = None
    by: str | None = None


class Rate(Operation):
    """A rate of sharing: the maximum × quality; nothing where the gate is closed."""

    refers = ("maximum", "quality", "gate")
    do: Literal["rate"]
    maximum: str
    quality: str | None = None
    gate: str | None = None


class LossRate(Operation):
    """1 − maximum × quality, between least and most; the most where the gate is closed."""

    refers = ("maximum", "quality", "least", "most", "gate")
    do: Literal["loss_rate"]
    maximum: str
    quality: str
    least: str
    most: str
    gate: str | None = None


class Share(Operation):
    """The part of a gain, and of a loss, that is paid or charged; nothing on a side left out."""

    refers = ("of", "gain", "loss")
    do: Literal["share"]
    of: str
    gain: str | None = None
    loss: str | None = None


class Quality(Operation):
    """A multiplier, or a gate (nothing where it is zero), on gains alone or on both sides."""

    refers = ("of", "by")
    do: Literal["quality"]
    of: str
    by: str
    form: Literal["gate", "multiplier"] = "multiplier"
    sides: Sides = "gains"


class TopSlice(Operation):
    """The amount with a rate taken off first, from gains alone or from both sides."""

    refers = ("of", "rate")
    do: Literal["top_slice"]
    of: str
    rate: str
    sides: Sides = "gains"


class Relief(Operation):
    """A loss made smaller by an amount, never a gain; a gain is left alone.

    Only a part of the amount counts where `part` is given, as for an agreement that held half a year.
    """

    refers = ("of", "amount", "part")
    do: Literal["relief"]
    of: str
    amount: str
    part: str | None = None


class PartYear(Operation):
    """The amount for the part of the year in which the agreement held."""

    refers = ("of", "part")
    do: Literal["part_year"]
    of: str
    part: str


class Pool(Operation):
    """The amount of this year and of the years before it added up, as many years as the term says.

    Fewer where fewer were given. What the amount is a share of is pooled too, by an operation of its own.
    """

    refers = ("of", "years")
    do: Literal["pool"]
    of: str
    years: str


class Carried(Operation):
    """The amount of this year with the balance of the years before it.

    In each earlier year what is left on the side named is carried: a loss that is not charged but met from later
    gains, a gain that is kept against later losses, or either. `brought` is the balance before the first year given.
    """

    refers = ("of", "brought")
    do: Literal["carried"]
    of: str
    side: Literal["loss", "gain", "both"] = "loss"
    brought: str | None = None


class OneSide(Operation):
    """A gain as it is and nothing of a loss, or the other way round: what is paid now, or what is carried on."""

    refers = ("of",)
    do: Literal["one_side"]
    of: str
    side: Literal["loss", "gain"]


class Choose(Operation):
    """One amount where a condition is anything but zero, another where it is zero or an optional input not given."""

    refers = ("when", "then", "otherwise")
    do: Literal["choose"]
    when: str
    then: str
    otherwise: str


class Parties(Operation):
    """The payment among several parties; in whole pence where exact, and the parts are the whole.

    equal; by agreed share, budget, effort or performance, in proportion to what `weights` names for each (and
    `loss_weights`, where a loss falls otherwise); to compensate losers, by the losses that `weights` names up to their
    sum and the rest equally; to a fund, which is one party.
    """

    do: Literal["parties"]
    refers = ("of",)
    of: str
    among: Literal["equal", "share", "budget", "effort", "performance", "compensate_losers", "fund"]
    parties: tuple[str, ...] = Field(min_length=1)
    weights: dict[str, str] = Field(default_factory=dict)
    loss_weights: dict[str, str] = Field(default_factory=dict)

    def named(self) -> dict[str, str]:
        """The amount shared, and the weight of each party."""
        weights = {f"weights.{party}": name for party, name in self.weights.items()}
        return {
            "of": self.of,
            **weights,
            **{f"loss_weights.{party}": name for party, name in self.loss_weights.items()},
        }


class Round(Operation):
    """The amount to the penny."""

    refers = ("of",)
    do: Literal["round"]
    of: str


AnyOperation = Annotated[
    Scope
    | Expected
    | Adjusted
    | Price
    | Truncated
    | Difference
    | Corridor
    | Limit
    | Rate
    | LossRate
    | Share
    | Quality
    | TopSlice
    | Relief
    | PartYear
    | Pool
    | Carried
    | OneSide
    | Choose
    | Parties
    | Round,
    Field(discriminator="do"),
]
