"""Where does the chance of a made-up person come from?

People are dealt with in blocks of a fixed size, in order of pseudonym. Each block has a stream of chance of its own for
each topic, named by seed, block and topic, so that the same people come out whatever is done at once, and by how many.
"""

from __future__ import annotations

import numpy as np

BLOCK = 4096
TOPICS = (
    "lives",
    "health",
    "living",
    "care",
    "stays",
    "prescriptions",
    "social_care",
    "attributes",
    "effects",
    "names",
)


def stream(seed: int, block: int, topic: str) -> np.random.Generator:
    """The stream of chance of one block and topic."""
    return np.random.Generator(np.random.Philox(key=[seed, block * len(TOPICS) + TOPICS.index(topic)]))


def chosen(rng: np.random.Generator, cumulative: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """One choice for each of many, each from its own row of a table of cumulative shares.

    Takes    cumulative: one row per distribution, rising to 1; rows: which row each choice is from.
    Returns  the position chosen in the row.
    """
    width = cumulative.shape[1]
    flat = (cumulative + np.arange(len(cumulative))[:, None]).ravel()
    found = np.searchsorted(flat, rows + rng.random(len(rows)), side="right")
    return np.asarray(np.minimum(found - rows * width, width - 1))


def cumulated(weights: np.ndarray) -> np.ndarray:
    """Rows of weights as cumulative shares, each rising to 1; a row of zeros chooses its last."""
    added = np.cumsum(weights, axis=-1, dtype=float)
    whole = added[..., -1:]
    return np.asarray(np.divide(added, whole, out=np.zeros_like(added), where=whole > 0))
