"""The family-wise error rate of an analysis' own permutation test, measured on simulated maps without an effect.

The maps have the analysis' design, blocks and number of subjects, and of its residuals the skewness, the variance of
each group and the correlation inside blocks. Whether the test that is configured holds its rate there, and whether
another scheme would, is counted. It is what docs/validation.md does for designs of its own.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import special
from scipy.ndimage import gaussian_filter

from secondlevel.base.errors import InputError
from secondlevel.base.matrix import columns
from secondlevel.base.wording import percent
from secondlevel.inference.correction import fwe_p_values
from secondlevel.model.residual_tiles import TILE
from secondlevel.model.residuals import groups_of, residual_moments, typical_variances, weights_of
from secondlevel.permutation.contrast_test import ContrastTest, chunk_nulls
from secondlevel.space.kinds.volume import Mask

GRID = (4, 4, 4)  # elements of a simulated map
# Noise of single voxels, times this, is correlated with its neighbours' and keeps its variance.
MIX = np.array([gaussian_filter(voxel.reshape(GRID), 0.5).ravel() for voxel in np.eye(np.prod(GRID))])
MIX /= np.linalg.norm(MIX, axis=0)
MOST_SKEWED = 4  # skewness that is simulated
STEPS = 10  # p values up to the error rate
SCHEMES = ("permute", "flip", "both")


@dataclass(frozen=True)
class Errors:
    """What residuals are like.

    Attributes
    ----------
    deviations : ndarray, shape (n_subjects,)
        Standard deviation of each subject's errors.
    skewness : float
    correlation : float
        Between the errors of two rows of a block.
    labels : ndarray of int, shape (n_subjects,)
        The block of each.
    """

    deviations: np.ndarray
    skewness: float
    correlation: float
    labels: np.ndarray

    @classmethod
    def measured(cls, maps, design, labels):
        """From the residuals of all maps.

        Parameters
        ----------
        maps : ndarray or memmap, shape (n_subjects, n_elements)
        design : ndarray, shape (n_subjects, n_columns)
        labels : ndarray of int, shape (n_subjects,)
        """
        basis = np.linalg.qr(design)[0]
        residual_maker = np.eye(len(design)) - basis @ basis.T
        blocks = np.eye(labels.max() + 1)[labels].T
        within, totals, cubes = [], [], []
        for start in range(0, maps.shape[1], TILE):
            tile = columns(maps, start, start + TILE).astype(np.float64)
            tile -= basis @ (basis.T @ tile)
            totals.append(np.square(tile).sum(axis=0))
            within.append(np.square(blocks @ tile).sum(axis=0))
            cubes.append((tile**3).sum(axis=0))
        totals, within, cubes = map(np.concatenate, (totals, within, cubes))
        weights = weights_of(totals)
        third = cubes @ weights**1.5 / max(np.sum(residual_maker**3), 1e-9)
        skewness = third / max(np.sum((totals * weights / np.trace(residual_maker)) ** 1.5), np.finfo(float).tiny)
        correlation = correlation_of(residual_maker, blocks, totals @ weights, within @ weights)
        skewness = float(np.clip(skewness, -MOST_SKEWED, MOST_SKEWED))
        return cls(np.sqrt(relative_variances(maps, design)), skewness, correlation, labels)

    @property
    def about(self):
        """What was measured, as JSON."""
        deviations = sorted(set(np.round(self.deviations, 4).tolist()))
        return {
            "skewness": round(self.skewness, 4),
            "correlation_inside_blocks": round(self.correlation, 4),
            "standard_deviations": deviations,
        }

    def draw(self, rng):
        """Maps of float64 without an effect, correlated over neighbouring elements, shape (n_subjects, n_elements)."""
        own = rng.standard_normal((len(self.labels), len(MIX))) @ MIX
        shared = rng.standard_normal((self.labels.max() + 1, len(MIX))) @ MIX
        noise = np.sqrt(1 - self.correlation) * own + np.sqrt(self.correlation) * shared[self.labels]
        return self.deviations[:, None] * skewed(noise, self.skewness)


def relative_variances(maps, design):
    """Each subject's error variance by the mean of all groups', shape (n_subjects,); 1 where that is not told."""
    members, found = groups_of(design), np.ones(len(design))
    if len(members):
        typical = typical_variances(residual_moments(maps, design, members)[0], design, members)
        if typical.sum() > 0:
            found[members.any(axis=0)] = typical[members.argmax(axis=0)][members.any(axis=0)] / typical.mean()
    return found


def correlation_of(residual_maker, blocks, total, within):
    """The correlation of two rows of a block, from sums of squares of residuals.

    With errors of variance w of their own and b that a block shares, r'r and r'BB'r of the residuals r, for the blocks'
    indicators B, have expectations that are linear in w and b.

    Parameters
    ----------
    residual_maker : ndarray, shape (n_subjects, n_subjects)
    blocks : ndarray, shape (n_blocks, n_subjects)
    total, within : float
        r'r and r'BB'r.
    """
    shared = blocks.T @ blocks
    through = residual_maker @ shared
    equations = np.array(
        [[np.trace(residual_maker), np.trace(through)], [np.trace(through), np.trace(through @ through)]]
    )
    alike = np.linalg.det(equations) <= 1e-9 * equations[0, 0] * equations[1, 1]
    if alike or equations[1, 1] <= 1e-9 * equations[0, 0]:
        return 0.0  # rows are blocks of their own, one block holds all, or the design holds the blocks
    own, common = np.linalg.solve(equations, [total, within])
    return float(np.clip(common / (own + common), 0, 0.99)) if own + common > 0 else 0.0


def skewed(noise, skewness):
    """Standard normal noise, made to have a skewness by the quantiles of a gamma distribution; mean 0, variance 1."""
    if abs(skewness) < 0.05:
        return noise
    shape = 4 / skewness**2
    return (
        np.sign(skewness)
        * (special.gammaincinv(shape, special.ndtr(np.sign(skewness) * noise)) - shape)
        / np.sqrt(shape)
    )


def error_rates(settings, design, split, errors, alpha, n_data_sets, contrast, progress):
    """How often each scheme finds an effect that is not there.

    Parameters
    ----------
    settings : permutation.contrast_test.Settings
        Of the analysis.
    design : ndarray, shape (n_subjects, n_columns)
    split : model.glm.Partition
    errors : Errors
    alpha : float
        The family-wise error rate that is allowed.
    n_data_sets : int
    contrast : str
    progress : callable
        As for `permutation.contrast_test.chunk_nulls`.

    Returns
    -------
    list of dict
        For each scheme that can test the contrast ``scheme``, ``in_use``, ``rate``, and the 95 % ``band`` of a test
        that holds its rate; for others ``refused``, the reason. As JSON.
    """
    used = ContrastTest.of(settings, design, split, contrast).shuffles.scheme
    rows = []
    for scheme in SCHEMES:
        row = {"contrast": contrast, "scheme": scheme, "in_use": scheme == used}
        try:
            tests = [configured(settings, scheme, alpha, k, design, split, contrast) for k in range(n_data_sets)]
        except InputError as error:
            rows.append(row | {"data_sets": 0, "rate": None, "band": None, "refused": str(error)})
            continue
        told, found = progress(n_data_sets, f"simulated data sets of {contrast}, {scheme}"), 0
        for number, test in enumerate(tests):
            maps = errors.draw(np.random.default_rng([number, settings.permutation["seed"]])).astype(np.float32)
            null = chunk_nulls(maps, {contrast: test}, 0, 1, False, 1, nobody)[contrast]
            p = fwe_p_values(null.evidence("maxT"), null.maxima["maxT"][1:], null.tie["maxT"])
            found += bool(p.min() <= alpha + 1e-12)
            told(number + 1)
        rate = {"rate": found / n_data_sets, "band": band(alpha, n_data_sets), "refused": None}
        rows.append(row | {"data_sets": n_data_sets} | rate)
    return rows


def configured(settings, scheme, alpha, seed, design, split, contrast):
    """The configured test of a contrast by some scheme, on a simulated map's grid."""
    # So many that the rate can be met, and p values below it can tell schemes apart.
    count = max(1, round(STEPS / alpha) - 1)
    permutation = settings.permutation | {"scheme": scheme, "count": count, "seed": seed}
    # Pseudo-t, which alone asks where elements are, is there for volumes only.
    mask = Mask(np.ones(GRID, dtype=bool), settings.mask.affine if isinstance(settings.mask, Mask) else np.eye(4))
    there = replace(settings, permutation=permutation, mask=mask, whole_maps={})
    return ContrastTest.of(there, design, split, contrast)


def nobody(total, what):
    """Progress that nobody is told of."""


def band(alpha, n_data_sets):
    """The 95 % band of the rate of errors among some data sets, if the true rate is alpha."""
    half = 1.96 * np.sqrt(alpha * (1 - alpha) / n_data_sets)
    return [float(alpha - half), float(alpha + half)]


def verdicts(rows):
    """A sentence for each contrast, and a warning with it where the scheme in use leaves the band of its rate.

    Parameters
    ----------
    rows : list of dict
        From `error_rates`.

    Returns
    -------
    list of (str, bool)
    """
    sentences = []
    for contrast in dict.fromkeys(row["contrast"] for row in rows):
        of_contrast = [row for row in rows if row["contrast"] == contrast]
        rates = ", ".join(f"{row['scheme']} {percent(row['rate'])}" for row in of_contrast if row["rate"] is not None)
        (used,) = [row for row in of_contrast if row["in_use"]]
        low, high = used["band"]
        where = "within"
        if used["rate"] > high:
            where = "above"
        elif used["rate"] < low:
            where = "below"
        sentences.append(
            (
                f"{contrast}: errors in {used['data_sets']:,} simulated data sets without an effect: {rates}. "
                f"{used['scheme']}, which is in use, is {where} the band of a test that holds its rate, "
                f"{percent(low)} to {percent(high)}.",
                where == "above",
            )
        )
    return sentences
