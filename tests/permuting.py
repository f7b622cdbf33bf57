"""What tests of the permutation share: designs, maps, and Freedman and Lane's procedure spelt out."""

import numpy as np

from secondlevel.model.glm import partition
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.engine import max_statistics, n_blocks
from secondlevel.permutation.shuffling import plan
from secondlevel.permutation.statistics.nuisance import NUISANCE
from secondlevel.permutation.statistics.ordinary import Ordinary

N, ELEMENTS = 18, 30
CONTRASTS = {
    "t": [1, 0, 0, 0],
    "difference": [1, -1, 0, 0],
    "F": [[1, 0, 0, 0], [0, 1, 0, 0]],
    "F of all but the mean": [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]],
}
BLOCKS = {
    "none": Blocks.none(N),
    "within": Blocks.of(np.repeat(range(3), 6), False),
    "whole": Blocks.of(np.repeat(range(6), 3), True),
}


def example(seed=8):
    """Two correlated covariates, a group and an intercept; skewed maps with a mean."""
    rng = np.random.default_rng(seed)
    design = np.column_stack([rng.normal(size=(N, 2)), np.arange(N) % 3 == 0, np.ones(N)])
    design[:, 0] += design[:, 1]
    return design, (5 + rng.exponential(size=(N, ELEMENTS)) + 0.3 * design[:, :1]).astype(np.float32)


def scattered():
    """A mask of as many voxels as the maps have elements, in a box of 60."""
    return np.random.default_rng(1).permutation(60).reshape(3, 4, 5) < ELEMENTS


def freedman_lane(design, weights, maps, shuffles, k):
    """The maps of shuffle k: residuals of the nuisance, shuffled, on top of the nuisance's fit."""
    weights = np.atleast_2d(weights)
    null = np.linalg.svd(weights)[2][len(weights) :].T
    nuisance = design @ null
    fitted = nuisance @ np.linalg.lstsq(nuisance, maps.astype(float), rcond=None)[0]
    order, signs = shuffles.draw(k, 1)
    residual = maps - fitted
    residual = residual if signs is None else residual * signs[0][:, None]
    # The engine moves the rows of the design; here the residuals move the other way.
    return fitted + (residual if order is None else residual[np.argsort(order[0])])


def engine(design, weights, scheme, blocks, two_sided=False, asked=60, nuisance="freedman-lane"):
    """The shuffles of a contrast, and its t or F."""
    split = partition(design, weights)
    statistic = Ordinary(split, two_sided, NUISANCE[nuisance].of(split, blocks, scheme))
    return plan(design, scheme, blocks, asked, seed=4), statistic


def max_t(maps, test, shuffles):
    """The max statistic of every shuffle."""
    ((maxima,), _) = max_statistics(maps, [test], shuffles, range(n_blocks(shuffles.count)))
    return maxima["maxT"]
