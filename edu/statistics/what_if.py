"""Gap lists of a whole organisation, and what they would be under other requirements. Pure; numpy.

A million members fit into memory as a few arrays of small numbers; work goes through them in pieces. Never loaded by a
page.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edu.gaps.many import Progress, pieces, silent

Bytes = NDArray[np.uint8]
Whole = NDArray[np.int64]

#: Members worked on at a time: some tens of MB beside the arrays themselves.
CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Organisation:
    """Everybody of whom something may be required, as arrays. Members, roles and topics are known by their place."""

    #: members + 1: the roles of member m are roles[first[m]:first[m + 1]].
    first: Whole
    roles: NDArray[np.int32]
    #: members × topics: bit k - 1 is set where layer k is held.
    held: Bytes

    def __len__(self) -> int:
        return len(self.held)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is required and lacking of everybody together."""

    #: topics × layers.
    required: Whole
    lacking: Whole
    #: Members who lack something.
    members: int


def required(organisation: Organisation, asks: Bytes, rows: slice) -> Bytes:
    """members × topics of some members: the highest layer that any of their roles asks, 0 for none.

    asks    roles × topics: the layer that a role requires.
    """
    start, stop = rows.start, rows.stop
    owner = np.repeat(np.arange(stop - start), np.diff(organisation.first[start : stop + 1]))
    asked = np.zeros((stop - start, asks.shape[1]), np.uint8)
    np.maximum.at(asked, owner, asks[organisation.roles[organisation.first[start] : organisation.first[stop]]])
    return asked


def gaps(organisation: Organisation, asks: Bytes, *, chunk: int = CHUNK, progress: Progress = silent) -> Bytes:
    """members × topics: everybody's gap list, bit k - 1 set where layer k is required and not held."""
    lacking = np.empty_like(organisation.held)
    for rows in pieces(len(organisation), chunk, progress):
        lacking[rows] = wanted(required(organisation, asks, rows)) & ~organisation.held[rows]
    return lacking


def wanted(layers: Bytes) -> Bytes:
    """The bits of all layers up to each."""
    return ((1 << layers.astype(np.uint16)) - 1).astype(np.uint8)


def figures(
    organisation: Organisation, asks: Bytes, layers: int, *, chunk: int = CHUNK, progress: Progress = silent
) -> Figures:
    """The figures of everybody together; nothing is kept of a member once they are counted."""
    topics = asks.shape[1]
    total, lacks, members = np.zeros((topics, layers), int), np.zeros((topics, layers), int), 0
    for rows in pieces(len(organisation), chunk, progress):
        asked = wanted(required(organisation, asks, rows))
        missing = asked & ~organisation.held[rows]
        members += int(missing.any(axis=1).sum())
        for bit in range(layers):
            total[:, bit] += (asked >> bit & 1).sum(axis=0, dtype=int)
            lacks[:, bit] += (missing >> bit & 1).sum(axis=0, dtype=int)
    return Figures(total, lacks, members)
