"""What does each belief turn out to be in each of a thousand futures?

Each belief has a stream of its own, found by its name and the seed. So two plans that share a belief share its draws,
and their results differ only by what differs between the plans. Beliefs may lean together: what makes one programme
disappoint often makes the next one disappoint. A common correlation enters through one more stream, shared by all
(a Gaussian copula), and leaves each belief's own law as it is.

Floats: likelihood, never a payment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
from scipy.special import ndtr

from commonweal.core.errors import InputError
from commonweal.plan.beliefs.belief import Certain, Floats, Law

SHARED = "shared by all beliefs"
# The largest probability that is not yet certainty, so that a quantile is never infinite.
OPEN = 1e-12


def draws(laws: Mapping[str, Law | Certain], futures: int, *, seed: int, correlation: float = 0.0) -> dict[str, Floats]:
    """Each belief in each future.

    Takes    correlation: between the normal scores of every two beliefs, 0 to 1.
    Returns  one array of `futures` values a belief, in the unit of the belief; the same for the same name, law, seed,
             number of futures and correlation, whatever other beliefs are there.
    Raises   InputError for a correlation outside 0 to 1, or no futures.
    """
    if not 0 <= correlation <= 1:
        raise InputError(f"a correlation of {correlation} is not between 0 and 1.", mend="Give a share.")
    if futures < 1:
        raise InputError(f"{futures} futures cannot be drawn.", mend="Ask for one or more.")
    shared = normal_scores(SHARED, futures, seed=seed)
    found = {}
    for name, law in laws.items():
        own = normal_scores(name, futures, seed=seed)
        score = np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * own
        found[name] = law.quantile(np.clip(ndtr(score), OPEN, 1 - OPEN))
    return found


def normal_scores(name: str, futures: int, *, seed: int) -> Floats:
    """Standard normal draws of a name and a seed; the first n are the same however many are drawn."""
    digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
    stream = np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "big")))
    return stream.standard_normal(futures)
