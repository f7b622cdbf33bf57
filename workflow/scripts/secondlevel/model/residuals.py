"""What the residuals say of a model's assumptions: variances of groups, and skewness.

Both are measured over the mask and at each contrast's peak, and what is out of bounds is said in a sentence.
"""

import numpy as np
from scipy import special

from secondlevel.base.sides import peak
from secondlevel.base.wording import listed
from secondlevel.model.residual_tiles import residual_tiles
from secondlevel.sample.similarity import leverage

UNEQUAL, UNEQUAL_EQUAL_SIZES = 2, 4  # ratio of the groups' variances; the second where groups are of about one size
ALIKE = 1.5  # ratio of sizes of groups that are about one
SKEWED = 0.5  # mean skewness over the mask
SURE = 1e-3  # p value of a variance ratio at one element
HEAVY = 10  # times the median variance, from which an element is weighed down
LEAST_ROWS = 3  # of a group whose variance is looked at


def groups_of(design):
    """The groups that a design tells apart: rows with the same marks in its columns of 0 and 1.

    Parameters
    ----------
    design : ndarray, shape (n_subjects, n_columns)

    Returns
    -------
    ndarray, shape (n_groups, n_subjects)
        1 for the rows of each group; groups without residuals, or of too few rows to tell a variance, are left out.
    """
    marks = np.isin(design, (0, 1)).all(axis=0)
    _, cells = np.unique(design[:, marks], axis=0, return_inverse=True)
    members = np.eye(cells.max() + 1)[cells.ravel()].T
    return members[(members.sum(axis=1) >= LEAST_ROWS) & (freedom_of(members, design) > 0.5)]


def freedom_of(members, design):
    """The share of the residual degrees of freedom of each group, shape (n_groups,)."""
    return members @ (1 - leverage(design))


def residual_sd(maps, design):
    """The standard deviation of the residuals at each element, by the residual degrees of freedom.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_elements)
    design : ndarray, shape (n_subjects, n_columns)
        Of full column rank.

    Returns
    -------
    ndarray, shape (n_elements,)
    """
    df = len(design) - design.shape[1]
    return np.concatenate([np.sqrt(np.einsum("ij,ij->j", tile, tile) / df) for tile in residual_tiles(maps, design)])


def studentised(values, design):
    """Residuals in units of their own standard errors (internally studentised; Cook and Weisberg 1982, section 2.2).

    Parameters
    ----------
    values : ndarray, shape (n_subjects, n_elements)
    design : ndarray, shape (n_subjects, n_columns)
        Of full column rank.

    Returns
    -------
    ndarray, shape (n_subjects, n_elements)
        NaN where an element has no residuals, and for a subject whom the design fits whatever the value is.
    """
    residuals, free = np.hstack(list(residual_tiles(values, design))), 1 - leverage(design)
    error = np.sqrt(np.maximum(free, 0)[:, None] * np.square(residuals).sum(axis=0) / (len(design) - design.shape[1]))
    known = (free[:, None] > 1e-9) & (error > 1e-9 * np.nanmax(np.abs(values), axis=0)) & np.isfinite(values)
    return np.where(known, residuals, np.nan) / np.where(known, error, 1)


def at_peaks(maps, design, statistics, two_sided):
    """Studentised residuals where the statistic of each contrast is largest.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_elements)
    design : ndarray, shape (n_subjects, n_columns)
    statistics : dict of ndarray, shape (n_elements,)
        t or F of each contrast.
    two_sided : bool

    Returns
    -------
    dict of ndarray, shape (n_subjects,), by contrast
    """
    elements = [peak(values, two_sided) for values in statistics.values()]
    return dict(zip(statistics, studentised(maps[:, elements].astype(np.float64), design).T, strict=True))


def residual_moments(maps, design, members):
    """Variances and skewness of the residuals at each element.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_elements)
    design : ndarray, shape (n_subjects, n_columns)
    members : ndarray, shape (n_groups, n_subjects)
        From `groups_of`.

    Returns
    -------
    variances : ndarray, shape (n_groups, n_elements)
        The residual variance of each group, by its share of the residual degrees of freedom.
    skewness : ndarray, shape (n_elements,)
        Of all residuals; NaN where there are none.
    """
    freedom = freedom_of(members, design)
    variances, skewness = [], []
    for tile in residual_tiles(maps, design):
        squares = np.square(tile)
        spread = squares.mean(axis=0)
        spread[spread == 0] = np.nan
        variances.append(members @ squares / freedom[:, None])
        skewness.append((squares * tile).mean(axis=0) / spread**1.5)
    return np.hstack(variances), np.concatenate(skewness)


def typical_variances(variances, design, members):
    """The variance of each group over all elements, up to a scale that they share.

    With R the residual maker, the squared residuals of group g sum to sum_h v_h sum_(i in g, j in h) R_ij^2 in
    expectation, for a fit carries the errors of one group into the residuals of another. These equations are solved
    for the variances v (Rao 1970, J. Am. Stat. Assoc. 65), with elements of very large variance weighed down.

    Parameters
    ----------
    variances : ndarray, shape (n_groups, n_elements)
        From `residual_moments`.
    design, members
        As for `residual_moments`.

    Returns
    -------
    ndarray, shape (n_groups,)
    """
    basis = np.linalg.qr(design)[0]
    sums = variances * freedom_of(members, design)[:, None]
    shares = members @ np.square(np.eye(len(design)) - basis @ basis.T) @ members.T
    return np.maximum(np.linalg.lstsq(shares, sums @ weights_of(sums.sum(axis=0)), rcond=None)[0], 0)


def weights_of(totals):
    """The weight of each element in a mean, from its residual sum of squares: less for very large ones only."""
    return 1 / np.maximum(totals, HEAVY * max(np.median(totals), np.finfo(float).tiny))


def of_residuals(maps, design, peaks, flipped):
    """Measures of the residuals, and sentences on what is out of bounds.

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
        A sentence, and the section of docs/diagnostics.md that helps.
    """
    members = groups_of(design)
    variances, skewness = residual_moments(maps, design, members)
    measures = {"Skewness": {"mask": number(np.nanmean(skewness))} | {c: number(skewness[e]) for c, e in peaks.items()}}
    notices = list(skewed(measures["Skewness"]["mask"], flipped))
    if len(members) > 1:
        overall, sizes = typical_variances(variances, design, members), members.sum(axis=1)
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
    if ratio["mask"] is not None and ratio["mask"] > bound:
        where = ""
        if sizes.max() > ALIKE * sizes.min():
            where = (
                " in a small group, which makes errors more frequent"
                if of_largest < sizes.mean()
                else " in a large group"
            )
        yield (
            f"Groups vary unlike: the largest residual variance{where} is {ratio['mask']:.2g} times the least. "
            f"{advice}",
            "variances",
        )
        return
    sure = [name for name, certain in at_peaks.items() if certain]
    if sure:
        yield f"At the peak of {listed(sure)}, the groups' residual variances differ. {advice}", "variances"
