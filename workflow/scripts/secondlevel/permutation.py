"""The max statistic of many shuffles, as a matrix product and a row maximum.

Freedman and Lane's shuffle k takes the maps, free of nuisance, to P_k R_Z Y, fits the whole model to that and keeps
the t of the effect (Winkler et al. 2014, NeuroImage 92). Let y be a voxel's residual R_Z Y scaled to unit length, x
the effect's regressor scaled so too, and q_1, q_2, ... an orthonormal basis of the nuisance Z. A shuffle keeps the
length of y, so that the partial correlation of the effect is

    r = (P_k'x)'y / sqrt(1 - sum_j ((P_k'q_j)'y)^2),   t = r sqrt(df / (1 - r^2)),

and t grows with r: of all voxels only the largest r of a shuffle is needed. The rows P_k'x and P_k'q_j of a block
of shuffles times the matrix of y, tile by tile of voxels, are all there is to compute. A reordering leaves a
constant vector as it is, and y is orthogonal to it: the scheme "permute" needs no row for the intercept.

Products always have BLOCK rows for each vector, aligned on k, and TILE columns (fewer in the last tile only), one
thread each: however the shuffles are shared out, each of them goes through the same arithmetic.
"""

from dataclasses import dataclass
from functools import cached_property

import joblib
import numpy as np
from scipy import linalg
from threadpoolctl import threadpool_limits

from secondlevel.shuffling import draw, shuffled
from secondlevel.thresholds import tested

BLOCK = 128
TILE = 2048
# Correlations of float32 products that differ by less are ties. Their rounding errors stay below (see the tests).
TIE = 4e-6


@dataclass(frozen=True)
class Shuffler:
    """How a contrast is tested by shuffling.

    Attributes
    ----------
    split : glm.Partition
    scheme : {"permute", "flip", "both"}
    seed : int
    two_sided : bool
    """

    split: object
    scheme: str
    seed: int
    two_sided: bool

    @cached_property
    def rows(self):
        """The vectors to shuffle, of unit length: the effect first, then the nuisance that does not stay put."""
        nuisance = self.split.nuisance
        if self.scheme == "permute":
            constant = np.ones(len(nuisance)) / np.sqrt(len(nuisance))
            inside = np.allclose(nuisance @ (nuisance.T @ constant), constant)
            if inside:
                nuisance = nuisance @ linalg.null_space((nuisance.T @ constant)[None])
        effect = self.split.effect / np.linalg.norm(self.split.effect)
        return np.vstack([effect, nuisance.T]).astype(np.float32)

    def block(self, number):
        """The shuffled rows of one block of shuffles, shape (n_rows, BLOCK, n_subjects), float32."""
        return shuffled(self.rows, *draw(self.scheme, self.rows.shape[1], self.seed, number * BLOCK, BLOCK))

    def unit_residuals(self, tile):
        """Maps without their nuisance, each voxel scaled to unit length, shape (n_subjects, n_voxels), float32."""
        residual = np.asarray(tile, dtype=np.float64)
        residual = residual - self.split.nuisance @ (self.split.nuisance.T @ residual)
        return np.ascontiguousarray(residual / np.linalg.norm(residual, axis=0), dtype=np.float32)

    def t(self, r):
        """Student's t of partial correlations."""
        r = np.asarray(r, dtype=np.float64)
        return r * np.sqrt(self.split.df / (1 - r**2))


def correlations(block, units):
    """The partial correlation of every voxel under every shuffle of a block, shape (BLOCK, n_voxels), float32."""
    r = block[0] @ units
    if len(block) > 1:
        explained = np.square(block[1] @ units)
        for nuisance in block[2:]:
            explained += np.square(nuisance @ units)
        r /= np.sqrt(1 - explained)
    return r


def n_blocks(count):
    """Number of blocks that hold the observed order and `count` shuffles."""
    return -(-(count + 1) // BLOCK)


def chunk_of_blocks(count, chunk, n_chunks):
    """The blocks of one of `n_chunks` even shares, as a range; a share may be empty."""
    total = n_blocks(count)
    return range(total * chunk // n_chunks, total * (chunk + 1) // n_chunks)


def max_statistics(maps, shuffler, blocks, count, threads=1):
    """The largest t over voxels for each shuffle of some blocks, and how often each voxel's own t is reached.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_voxels), float32
    shuffler : Shuffler
    blocks : range
        Numbers of the blocks: block b holds the shuffles b * BLOCK to (b + 1) * BLOCK - 1.
    count : int
        Number of shuffles of the test beside the observed order; those of the last block beyond it are left out.
    threads : int
        Tiles that are computed at a time.

    Returns
    -------
    maxima : ndarray of float64, shape (n_shuffles,)
        Largest t, or largest \\|t\\| if two-sided, in the order of k.
    exceedances : ndarray of int64, shape (n_voxels,)
        For each voxel the number of these shuffles, shuffle 0 apart, whose t there is at least the observed one.
    """
    last = min(blocks.stop * BLOCK, count + 1)
    shuffles = [shuffler.block(number) for number in blocks]

    def one_tile(start):
        units = shuffler.unit_residuals(maps[:, start : start + TILE])
        observed = tested(shuffler.rows[:1] @ units, shuffler.two_sided)[0]
        maxima, reached = np.empty(len(shuffles) * BLOCK, dtype=np.float32), np.zeros(units.shape[1], dtype=np.int64)
        for place, (number, block) in enumerate(zip(blocks, shuffles, strict=True)):
            r = tested(correlations(block, units), shuffler.two_sided)
            r.max(axis=1, out=maxima[place * BLOCK : (place + 1) * BLOCK])
            new = slice(1 if number == 0 else 0, last - number * BLOCK)
            reached += (r[new] >= observed - TIE).sum(axis=0)
        return maxima[: max(0, last - blocks.start * BLOCK)], reached

    with threadpool_limits(1):
        tiles = joblib.Parallel(n_jobs=threads, prefer="threads")(
            joblib.delayed(one_tile)(start) for start in range(0, maps.shape[1], TILE)
        )
    maxima, reached = zip(*tiles, strict=True)
    return shuffler.t(np.max(maxima, axis=0)), np.concatenate(reached)
