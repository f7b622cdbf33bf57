"""Measure the family-wise error rates of clusters and TFCE on a mesh and on a network, on maps without an effect.

    PYTHONPATH=workflow/scripts .venv/bin/python validation/meshes_and_networks.py [--data-sets N] [--jobs N]

The mesh is a sphere that is stretched, so that vertices have unlike areas, and its noise is smoothed along it. The
network has 20 nodes; the noise of an edge is its own and that of its two nodes. An error is a family-wise p value of
0.05 or less for the largest statistic.
"""

import argparse
from dataclasses import dataclass

import error_rates
import joblib
import numpy as np
import pandas as pd
from scipy.spatial import ConvexHull

from secondlevel.inference.correction import fwe_p_values
from secondlevel.model.glm import partition
from secondlevel.permutation.contrast_test import ContrastTest, Settings, chunk_nulls
from secondlevel.space.kinds.connectome import Connectome
from secondlevel.space.kinds.surface import Surface
from secondlevel.space.mesh import smooth
from secondlevel.space.nodes import Nodes

TABLE = error_rates.ROOT / "validation/results/meshes_and_networks.tsv"
DATA_SETS, SUBJECTS, SHUFFLES = 1000, 20, 99
VERTICES, RADIUS, FWHM, STRETCH = 642, 30.0, 10.0, (2.0, 1.0, 0.5)
NODES = 20
METHODS = {"maxExtent": "extent", "maxMass": "mass", "maxTFCE": "TFCE"}


@dataclass(frozen=True)
class Case:
    """What is simulated.

    Attributes
    ----------
    space : {"mesh", "network"}
    design : str
        A key of `error_rates.DESIGNS`.
    errors : {"normal", "skewed"}
        Skewed ones are the exponential of normal ones.
    scheme : {"permute", "flip"}
    """

    space: str
    design: str
    errors: str
    scheme: str


CASES = [
    Case(space, *rest)
    for space in ("mesh", "network")
    for rest in (
        ("association", "normal", "permute"),
        ("association", "skewed", "permute"),
        ("nuisance", "normal", "permute"),
        ("mean", "normal", "flip"),
    )
]


def sphere():
    """Vertices in a spiral, and the triangles between them."""
    turns = np.arange(VERTICES) + 0.5
    polar, around = np.arccos(1 - 2 * turns / VERTICES), np.pi * (1 + 5**0.5) * turns
    points = np.column_stack([np.cos(around) * np.sin(polar), np.sin(around) * np.sin(polar), np.cos(polar)])
    return RADIUS * points, ConvexHull(points).simplices


POINTS, TRIANGLES = sphere()
SPACES = {
    "mesh": Surface(np.ones(VERTICES, bool), {"surface": (POINTS * STRETCH, TRIANGLES)}, {"surface": ""}),
    "network": Connectome(np.ones(NODES * (NODES - 1) // 2, bool), Nodes([f"node {k}" for k in range(NODES)])),
}
# What smooths noise along the sphere, and keeps its variance.
MIXING = smooth(np.eye(VERTICES), POINTS, TRIANGLES, FWHM)
MIXING /= np.linalg.norm(MIXING, axis=1, keepdims=True)


def noise(case, rng):
    """Normal or skewed errors of every subject, shape (n_subjects, n_elements)."""
    space = SPACES[case.space]
    own = rng.standard_normal((SUBJECTS, space.size))
    if case.space == "mesh":
        own = own @ MIXING.T
    else:
        own += rng.standard_normal((SUBJECTS, NODES))[:, space.edges].sum(axis=2)
        own /= np.sqrt(3)
    return np.exp(own) if case.errors == "skewed" else own


def errors_of(case, number):
    """Whether each of `METHODS` finds an effect in a data set that has none."""
    rng = np.random.default_rng([number, CASES.index(case)])
    design, weights, _ = error_rates.DESIGNS[case.design](rng, SUBJECTS)
    permutation = {"scheme": case.scheme, "blocks": None, "count": SHUFFLES, "seed": number}
    permutation |= {"statistic": "t", "nuisance": "freedman-lane"}
    tfce = {"statistic": "t", "extent_power": 1 if case.space == "mesh" else 0.5, "height_power": 2, "connectivity": 6}
    whole_maps = {"clusters": {"threshold": "p < 0.05", "connectivity": 6}, "tfce": tfce}
    sample = {"participant_id": np.arange(SUBJECTS).astype(str)}
    settings = Settings.of(permutation, True, whole_maps, sample, SPACES[case.space])
    test = ContrastTest.of(settings, design, partition(design, weights))
    maps = noise(case, rng).astype(np.float32)
    null = chunk_nulls(maps, {"": test}, 0, 1, False, 1, lambda *_: None)[""]
    p = [fwe_p_values(null.evidence(key), null.maxima[key][1:], null.tie[key]).min() for key in METHODS]
    return np.array(p) <= error_rates.ALPHA + 1e-12


def sums_of(case, numbers):
    """The number of errors in some data sets, by method."""
    with error_rates.thread_pools_known():
        return sum(errors_of(case, number) for number in numbers)


def rates_of(case, first, data_sets, jobs):
    """The error rates of the data sets from a first one on, by method."""
    parts = np.array_split(np.arange(first, first + data_sets), max(1, data_sets // 100))
    return sum(joblib.Parallel(n_jobs=jobs)(joblib.delayed(sums_of)(case, part) for part in parts)) / data_sets


def measure(case, data_sets, jobs=1):
    """A row of the table: the error rates; those of ten times as many new data sets if one lies outside its band."""
    row, more = vars(case) | {"data_sets": data_sets}, error_rates.MORE * data_sets
    rates = rates_of(case, 0, data_sets, jobs)
    row |= dict(zip(METHODS.values(), rates, strict=True))
    again = any(error_rates.outside(rate, data_sets) for rate in rates)
    rates = rates_of(case, data_sets, more, jobs) if again else [np.nan] * len(METHODS)
    row |= {f"{name}_again": rate for name, rate in zip(METHODS.values(), rates, strict=True)}
    return row | {"data_sets_again": more if again else 0}


def as_markdown(table):
    """The table, rates in per cent, behind an arrow those of new data sets; bold where the last is above its band."""
    lines = ["| maps | design | errors | scheme | extent, % | mass, % | TFCE, % |", "|---|---|---|---|---|---|---|"]
    for row in table.itertuples():
        told = []
        for name in METHODS.values():
            rates = [getattr(row, name)] + ([getattr(row, f"{name}_again")] if row.data_sets_again else [])
            high = error_rates.band(row.data_sets_again or row.data_sets)[1]
            text = " → ".join(f"{100 * rate:.1f}" for rate in rates)
            told.append(f"**{text}**" if rates[-1] > high else text)
        lines.append(f"| {' | '.join([row.space, row.design, row.errors, row.scheme, *told])} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data-sets", type=int, default=DATA_SETS, metavar="N", help="data sets of a case")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes")
    asked = parser.parse_args()
    rows = []
    for case in CASES:
        rows.append(measure(case, asked.data_sets, asked.jobs))
        print(rows[-1], flush=True)
    if asked.data_sets != DATA_SETS:
        print("Not the default number of data sets: nothing is written.")
        return
    table = pd.DataFrame(rows)
    table.to_csv(TABLE, sep="\t", index=False, float_format="%.4g")
    error_rates.write_block(error_rates.PAGE, "meshes and networks", as_markdown(table))


if __name__ == "__main__":
    main()
