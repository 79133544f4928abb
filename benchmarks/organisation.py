"""Gap lists of a million made-up members after a change of requirements: how long, and in how much memory."""

import tracemalloc
from time import perf_counter

import numpy as np

from edu.statistics.what_if import Organisation, gaps

MEMBERS, TOPICS, ROLES, LAYERS = 1_000_000, 8, 8, 4
#: Seconds for everybody's gap list, and MB beside what goes in and comes out.
AIM_SECONDS, AIM_MEMORY = 1.0, 20


def made_up() -> tuple[Organisation, np.ndarray]:
    """A million members with one to three roles each, and what the roles ask."""
    random = np.random.default_rng(1)
    first = np.concatenate([[0], np.cumsum(random.integers(1, 4, MEMBERS))])
    roles = random.integers(0, ROLES, first[-1]).astype(np.int32)
    held = ((1 << random.integers(0, LAYERS + 1, (MEMBERS, TOPICS))) - 1).astype(np.uint8)
    return Organisation(first, roles, held), random.integers(0, LAYERS + 1, (ROLES, TOPICS)).astype(np.uint8)


def told() -> str:
    """One line: seconds, the best of three, and megabytes."""
    everybody, asks = made_up()
    took = []
    for _turn in range(3):
        begun = perf_counter()
        lists = gaps(everybody, asks)
        took.append(perf_counter() - begun)
    tracemalloc.start()
    gaps(everybody, asks)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    beside = (peak - lists.nbytes) / 1e6
    return (
        f"gap lists of {MEMBERS:,} members {min(took):.2f} s (aim {AIM_SECONDS}),"
        f" {beside:.0f} MB beside them (aim {AIM_MEMORY})"
    )
