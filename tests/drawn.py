"""What tests of figures share: a mask of the size of a brain, and a sample of maps in it."""

import warnings

import numpy as np
import pandas as pd

from secondlevel.figures.style import save
from secondlevel.sample.similarity import compare
from secondlevel.space.kinds.volume import Mask

AFFINE = np.array([[-8.0, 0, 0, 72], [0, 8, 0, -104], [0, 0, 8, -48], [0, 0, 0, 1]])
INSIDE = np.zeros((19, 23, 16), dtype=bool)
INSIDE[3:16, 3:20, 2:14] = True
INSIDE[3:6, :, :9] = INSIDE[:, 3:5, 10:] = False
MASK = Mask(INSIDE, AFFINE)
SIZES = [1, 2, 3, 30, 150]  # of samples


def sample(n_subjects):
    """Maps, their table and a design; the last map is spoilt, in more than one way."""
    rng = np.random.default_rng(n_subjects)
    maps = (rng.normal(size=MASK.size) + rng.normal(size=(n_subjects, MASK.size))).astype(np.float32)
    maps[-1] = 20 - 9 * maps[-1]
    groups = np.arange(n_subjects) % 2
    design = pd.DataFrame({"group": groups, "age": rng.integers(20, 70, n_subjects), "intercept": 1.0})
    names = {"participant_id": [f"sub-{number:03}" for number in range(n_subjects)]}
    compared = compare(maps, design.to_numpy())
    table = names | compared | {"outlier": [why or "" for why in compared["outlier"]]}
    return maps, {name: np.asarray(cells) for name, cells in table.items()}, design


def is_drawn_the_same(draw, folder):
    """Whether a figure can be drawn without a warning, and drawn twice makes equal files."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in ("first.svg", "second.svg"):
            save(draw(), str(folder / name))
    return (folder / "first.svg").read_bytes() == (folder / "second.svg").read_bytes()
