"""The null distribution of one contrast's max statistic, in pieces and whole, and its file."""

import json
from dataclasses import dataclass, field

import numpy as np

from secondlevel.files import replacing


def nothing():
    """An array of no numbers, where a piece has none to hold."""
    return np.empty(0)


@dataclass(frozen=True)
class Null:
    """Maxima of consecutive shuffles of a contrast.

    Attributes
    ----------
    about : dict
        What was tested and how: JSON, the same for all pieces.
    first : int
        Number of the first shuffle; shuffle 0 is the observed order.
    maxima : ndarray of float64, shape (n_shuffles,)
        Largest statistic of each shuffle.
    reached : ndarray of int64, shape (n_voxels,) or (0,)
        For each voxel the number of these shuffles, shuffle 0 apart, that reach its observed statistic, if counted.
    observed, tie : ndarray of float64, shape (n_voxels,) or (0,)
        The observed statistics, and how much a maximum may be smaller and still reach them; in the piece of shuffle 0.
    """

    about: dict
    first: int
    maxima: np.ndarray
    reached: np.ndarray = field(default_factory=nothing)
    observed: np.ndarray = field(default_factory=nothing)
    tie: np.ndarray = field(default_factory=nothing)

    @classmethod
    def concatenate(cls, pieces):
        """Join pieces, in any order, into the null of all shuffles from 0 on; a gap is a ValueError."""
        pieces = sorted((piece for piece in pieces if piece.maxima.size), key=lambda piece: piece.first)
        ends = np.cumsum([0] + [piece.maxima.size for piece in pieces])
        if [piece.first for piece in pieces] != ends[:-1].tolist() or ends[-1] != pieces[0].about["permutations"] + 1:
            raise ValueError(f"chunks start at shuffles {[piece.first for piece in pieces]} and end at {ends[-1]}")
        maxima = np.concatenate([piece.maxima for piece in pieces])
        start = pieces[0]
        return cls(start.about, 0, maxima, sum(piece.reached for piece in pieces), start.observed, start.tie)


def save_nulls(path, nulls):
    """Write a dict of nulls by contrast to an ``.npz`` file."""
    content = {}
    for contrast, null in nulls.items():
        fields = vars(null) | {"about": json.dumps(null.about)}
        content |= {f"{contrast}/{field}": value for field, value in fields.items()}
    with replacing(path) as part:
        np.savez(part, **content)


def load_nulls(path):
    """Read what `save_nulls` wrote."""
    with np.load(path) as content:
        contrasts = dict.fromkeys(name.split("/")[0] for name in content)
        fields = {c: {f: content[f"{c}/{f}"] for f in Null.__dataclass_fields__} for c in contrasts}
    for of_contrast in fields.values():
        of_contrast |= {"about": json.loads(str(of_contrast["about"])), "first": int(of_contrast["first"])}
    return {contrast: Null(**of_contrast) for contrast, of_contrast in fields.items()}
