"""The null distributions of one contrast's max statistics, in pieces and whole, and their file."""

import json
from dataclasses import dataclass, field
from io import BytesIO
from zipfile import ZipFile, ZipInfo

import numpy as np

from secondlevel.base.files import replacing
from secondlevel.base.sides import tested

BY_METHOD = ("maxima", "observed", "tie")  # fields of a null that hold an array for each method


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
    maxima : dict of ndarray of float64, shape (n_shuffles,), by method
        Largest statistic of each shuffle: "maxT" over voxels, and others that were asked for.
    reached : ndarray of int64, shape (n_voxels,) or (0,)
        For each voxel the number of these shuffles, shuffle 0 apart, that reach its observed statistic, if counted.
    observed, tie : dict of ndarray of float64, shape (n_voxels,), by method
        The observed statistics, with their sign, and how much a maximum may be smaller and still reach them; in the
        piece of shuffle 0.
    """

    about: dict
    first: int
    maxima: dict
    reached: np.ndarray = field(default_factory=nothing)
    observed: dict = field(default_factory=dict)
    tie: dict = field(default_factory=dict)

    @property
    def size(self):
        """Number of shuffles."""
        return self.maxima["maxT"].size

    def evidence(self, method):
        """The observed statistics of a method, without their sign if the test is two-sided."""
        return tested(self.observed[method], self.about["two_sided"])

    @classmethod
    def concatenate(cls, pieces):
        """Join pieces, in any order, into the null of all shuffles from 0 on; a gap is a ValueError."""
        pieces = sorted((piece for piece in pieces if piece.size), key=lambda piece: piece.first)
        ends = np.cumsum([0] + [piece.size for piece in pieces])
        if [piece.first for piece in pieces] != ends[:-1].tolist() or ends[-1] != pieces[0].about["permutations"] + 1:
            raise ValueError(f"chunks start at shuffles {[piece.first for piece in pieces]} and end at {ends[-1]}")
        start = pieces[0]
        maxima = {method: np.concatenate([piece.maxima[method] for piece in pieces]) for method in start.maxima}
        return cls(start.about, 0, maxima, sum(piece.reached for piece in pieces), start.observed, start.tie)


def save_nulls(path, nulls):
    """Write a dict of nulls by contrast to an ``.npz`` file, named contrast/field or contrast/field/method.

    Its bytes are the same whatever Python writes it. Those of `numpy.savez`, which reserves room for huge arrays, are
    others since Python 3.11.4.
    """
    content = {}
    for contrast, null in nulls.items():
        content |= {f"{contrast}/about": json.dumps(null.about), f"{contrast}/first": null.first}
        content[f"{contrast}/reached"] = null.reached
        for name in BY_METHOD:
            content |= {f"{contrast}/{name}/{method}": values for method, values in getattr(null, name).items()}
    with replacing(path) as part, ZipFile(part, "w") as file:
        for name, values in content.items():
            array = BytesIO()
            np.lib.format.write_array(array, np.asanyarray(values), allow_pickle=False)
            file.writestr(ZipInfo(f"{name}.npy"), array.getbuffer())  # it has no time of its own


def load_nulls(path):
    """Read what `save_nulls` wrote."""
    nulls = {}
    with np.load(path) as content:
        for name in content:
            contrast, field_name, *method = name.split("/")
            fields = nulls.setdefault(contrast, {by_method: {} for by_method in BY_METHOD})
            if method:
                fields[field_name][method[0]] = content[name]
            else:
                fields[field_name] = content[name]
    for fields in nulls.values():
        fields |= {"about": json.loads(str(fields["about"])), "first": int(fields["first"])}
    return {contrast: Null(**fields) for contrast, fields in nulls.items()}
