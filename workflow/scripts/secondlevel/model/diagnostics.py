"""What a design and the residuals say of a model's assumptions: collinearity, leverage, unequal variances, skewness.

Each is measured, and what is out of bounds is said in a sentence. Bounds are wide, for a notice that is always there is
not read. Variance inflation: Marquardt 1970 (Technometrics 12), who speaks of trouble from 10 on.
"""

import numpy as np
from scipy import special

from secondlevel.base.matrix import columns
from secondlevel.base.wording import listed, percent

TILE = 8192  # elements that are looked at at a time
INFLATED = 10  # variance inflation of a column
DECIDING = 0.5  # hat value of a row, and
OFTEN = 3  # how many times the mean one
UNEQUAL, UNEQUAL_EQUAL_SIZES = 2, 4  # ratio of the groups' variances; the second where groups are of about one size
ALIKE = 1.5  # ratio of sizes of groups that are about one
SKEWED = 0.5  # mean skewness over the mask
SURE = 1e-3  # p value of a variance ratio at one element
SPREAD = 10  # ratio of the maps' standard deviations
LEAST_ROWS = 3  # of a group whose variance is looked at


def variance_inflation(design):
    """How many times the other columns raise the variance of each column's coefficient.

    Parameters
    ----------
    design : ndarray, shape (n_subjects, n_columns)
        Of full column rank.

    Returns
    -------
    ndarray, shape (n_columns,)
        The column's variance by that which the others leave of it; 1 for a column without variance.
    """
    inflation = np.ones(design.shape[1])
    for number, column in enumerate(design.T):
        others = np.delete(design, number, axis=1)
        centred = column - column.mean()
        total = centred @ centred
        if total > 1e-12 * (column @ column):
            left = column - others @ np.linalg.lstsq(others, column, rcond=None)[0]
            inflation[number] = max(1.0, total / (left @ left))
    return inflation


def cells_of(design):
    """The groups that a design tells apart: rows with the same marks in its columns of 0 and 1, numbered from 0."""
    marks = np.isin(design, (0, 1)).all(axis=0)
    return (
        np.unique(design[:, marks], axis=0, return_inverse=True)[1].ravel()
        if marks.any()
        else np.zeros(len(design), int)
    )


def residual_moments(maps, design, cells):
    """Sums of the residuals' powers at each element.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_elements)
    design : ndarray, shape (n_subjects, n_columns)
    cells : ndarray of int, shape (n_subjects,)

    Returns
    -------
    variances : ndarray, shape (n_cells, n_elements)
        The residual variance of each cell, by its share of the residual degrees of freedom, in units of that of all
        rows; NaN where it has none.
    skewness : ndarray, shape (n_elements,)
        Of all residuals.
    """
    basis = np.linalg.qr(design)[0]
    members = np.eye(cells.max() + 1)[cells].T
    freedom = members @ (1 - np.square(basis).sum(axis=1))
    freedom[(freedom < 0.5) | (members.sum(axis=1) < LEAST_ROWS)] = np.nan
    variances, skewness = [], []
    for start in range(0, maps.shape[1], TILE):
        tile = columns(maps, start, start + TILE).astype(np.float64)
        tile -= basis @ (basis.T @ tile)
        squares = np.square(tile)
        spread = squares.mean(axis=0)
        spread[spread == 0] = np.nan
        in_all = spread * len(design) / (len(design) - design.shape[1])
        variances.append(members @ squares / freedom[:, None] / in_all)
        skewness.append((squares * tile).mean(axis=0) / spread**1.5)
    return np.hstack(variances), np.concatenate(skewness)


def of_design(design, subjects):
    """Sentences on a design: columns that others nearly hold, and rows that decide their own fit.

    Parameters
    ----------
    design : pandas.DataFrame, shape (n_subjects, n_columns)
    subjects : sequence of str

    Yields
    ------
    (str, str)
        A sentence, and the section of docs/diagnostics.md that helps.
    """
    matrix = design.to_numpy(dtype=float)
    inflation = variance_inflation(matrix)
    high = [f"{name} ({value:.3g})" for name, value in zip(design, inflation, strict=True) if value > INFLATED]
    if high:
        yield (
            f"The design's columns nearly hold each other: the variance of the coefficient is inflated more than "
            f"{INFLATED}-fold for {listed(high)}. What they share is credited to none of them; test them together by "
            "F, or take some out.",
            "collinearity",
        )
    hat, mean = np.square(np.linalg.qr(matrix)[0]).sum(axis=1), matrix.shape[1] / len(matrix)
    rows = np.flatnonzero((hat > DECIDING) & (hat > OFTEN * mean))
    if len(rows):
        named = listed([f"{subjects[row]} ({percent(hat[row])})" for row in rows[np.argsort(-hat[rows])]], most=5)
        yield f"Few maps decide the fit: the leverage of {named} is above {percent(DECIDING)}.", "leverage"


def of_scales(subjects, sd):
    """A sentence on maps whose standard deviations are far apart, or nothing; yields as `of_design`."""
    low, high = np.argmin(sd), np.argmax(sd)
    if sd[high] > SPREAD * sd[low]:
        times = f"{sd[high] / sd[low]:.0f}" if sd[low] > 0 else "any number of"
        yield (
            f"The maps are on unlike scales: their standard deviations go from {sd[low]:.3g} ({subjects[low]}) to "
            f"{sd[high]:.3g} ({subjects[high]}), {times} times as much. Ask whether all have one unit; maps with large "
            "values weigh most.",
            "scales",
        )


def of_residuals(maps, design, peaks, flipped):
    """Measures of the residuals and sentences on them.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_elements)
    design : ndarray, shape (n_subjects, n_columns)
    peaks : dict of int
        The element at which each contrast's statistic is largest.
    flipped : list of str
        The contrasts that are tested by turning signs.

    Returns
    -------
    measures : dict
        ``VarianceRatio`` and ``Skewness``, over the mask and at each contrast's peak, as JSON.
    notices : list of (str, str)
        As `of_design` yields them.
    """
    cells = cells_of(design)
    variances, skewness = residual_moments(maps, design, cells)
    sizes, told = np.bincount(cells), np.isfinite(variances).any(axis=1)
    measures = {"Skewness": {"mask": number(np.nanmean(skewness))} | {c: number(skewness[e]) for c, e in peaks.items()}}
    notices = list(skewed(measures["Skewness"]["mask"], flipped))
    if told.sum() > 1:
        variances, sizes = variances[told], sizes[told]
        overall = np.nanmean(variances, axis=1)
        ratio = {"mask": number(overall.max() / overall.min()) if overall.min() > 0 else None}
        at_peaks = {c: variances[:, e] for c, e in peaks.items()}
        ratio |= {
            c: number(values.max() / values.min()) if values.min() > 0 else None for c, values in at_peaks.items()
        }
        measures["VarianceRatio"] = ratio
        notices += unequal(ratio, sizes, sizes[np.argmax(overall)], {c: extreme(v, sizes) for c, v in at_peaks.items()})
    return measures, notices


def number(value):
    """A number for JSON: None if it is none."""
    return round(float(value), 4) if np.isfinite(value) else None


def skewed(mean, flipped):
    """A sentence on skewed residuals where signs are turned, or nothing."""
    if flipped and mean is not None and abs(mean) > SKEWED:
        yield (
            f"The residuals are skewed ({mean:.2g} in the mean over the mask), and {listed(flipped)} "
            f"{'is' if len(flipped) == 1 else 'are'} tested by turning signs, which takes errors for symmetric: p "
            "values can be too small, of one side above all.",
            "skewness",
        )


def extreme(variances, sizes):
    """Whether the largest and the least variance of some groups differ for sure, by F and the number of pairs."""
    high, low = np.argmax(variances), np.argmin(variances)
    if variances[low] <= 0:
        return False
    p = special.fdtrc(sizes[high] - 1, sizes[low] - 1, variances[high] / variances[low])
    return bool(p * len(sizes) * (len(sizes) - 1) < SURE)


def unequal(ratio, sizes, of_largest, at_peaks):
    """Sentences on groups of unlike variances."""
    bound = UNEQUAL if sizes.max() > ALIKE * sizes.min() else UNEQUAL_EQUAL_SIZES
    advice = "Think of permutation.statistic: {welch: VARIABLE}, which gives each group a variance of its own."
    if ratio["mask"] is None or ratio["mask"] > bound:
        times = "any number of" if ratio["mask"] is None else f"{ratio['mask']:.2g}"
        where = ""
        if sizes.max() > ALIKE * sizes.min():
            where = (
                " in a small group, which makes errors more frequent"
                if of_largest < sizes.mean()
                else " in a large group"
            )
        yield (
            f"Groups vary unlike: the largest residual variance{where} is {times} times the least. {advice}",
            "variances",
        )
        return
    sure = [name for name, certain in at_peaks.items() if certain]
    if sure:
        yield f"At the peak of {listed(sure)}, the groups' residual variances differ. {advice}", "variances"
