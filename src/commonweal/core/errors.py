"""How does Commonweal say that something is wrong?

Every error carries what, where and what to do, and belongs to a kind with an exit code of its own, so that
a script can tell a mistyped option from a broken rule.
"""

from __future__ import annotations


class CommonwealError(Exception):
    """What went wrong, where, and what to do about it.

    Takes    message: what is wrong, in one sentence; where: file, row, column, path or place; mend: what to do.
    """

    exit_code = 1
    kind = "error"

    def __init__(self, message: str, *, where: str = "", mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.mend = mend

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        mend = f" {self.mend}" if self.mend else ""
        return f"{place}{self.message}{mend}"


class InputError(CommonwealError):
    """A file or value that was handed in cannot be used."""

    exit_code = 3
    kind = "input"


class NotAPlace(CommonwealError):
    """The folder named is not a place, or the place lacks what was asked of it."""

    exit_code = 4
    kind = "place"


class RuleBreach(CommonwealError):
    """A contract rule forbids what was asked."""

    exit_code = 5
    kind = "rule"


class TooManyFindings(CommonwealError):
    """The inputs have findings above the tolerance; nothing was published."""

    exit_code = 6
    kind = "findings"


class NoAnswer(CommonwealError):
    """The question has no answer under the bounds given."""

    exit_code = 7
    kind = "infeasible"


class ParameterProblem(CommonwealError):
    """A number of policy is missing, malformed, or changes inside the period asked for."""

    exit_code = 8
    kind = "parameter"


class DoesNotMatch(CommonwealError):
    """A recomputed figure differs from the published one beyond the tolerance."""

    exit_code = 9
    kind = "verification"


class ClauseProblem(CommonwealError):
    """A contract's clauses cannot be read, or do not say what was asked of them."""

    exit_code = 10
    kind = "contract"


class InterventionProblem(CommonwealError):
    """Interventions of a plan cannot be read, or do not say what was asked of them."""

    exit_code = 11
    kind = "plan"


KINDS: tuple[type[CommonwealError], ...] = (
    InputError,
    NotAPlace,
    RuleBreach,
    TooManyFindings,
    NoAnswer,
    ParameterProblem,
    DoesNotMatch,
    ClauseProblem,
    InterventionProblem,
)
