"""A dataset with a known truth, laid out like the Localizer dataset.

Each map is the group's response to a left button press, of a strength of the subject's own, plus a planted change
with the score `pseudo` (the time in seconds to read a list of pseudo-words), plus smooth Gaussian noise.
"""

from functools import cache

import numpy as np
from scipy import special
from scipy.ndimage import gaussian_filter

from secondlevel.space.reference import MNI

SHAPE = (53, 63, 46)
AFFINE = np.array([[-3.0, 0, 0, 78], [0, 3, 0, -112], [0, 0, 3, -50], [0, 0, 0, 1]])  # mm
CODES = (0, MNI)  # of q-form and s-form
MISSING = ("S15", "S38", "S62", "S81", "S87")  # subjects of the Localizer without a reading time

# Centre in mm, peak and FWHM in mm of each part of the group's response: right motor cortex, left cerebellum, SMA.
RESPONSE = [((39, -22, 55), 8.0, 18.0), ((-18, -52, -23), 5.0, 15.0), ((6, -4, 58), 4.0, 15.0)]
PLANTED_CENTRE = (9, -4, 10)  # mm, a voxel beside the point that the default figures cut through
PLANTED_FWHM = 22.0  # mm
PLANTED_RADIUS = 18.0  # mm, beyond which nothing is planted
NOISE_SD = 4.0
NOISE_FWHM = 7.0  # mm
VOXEL = 3.0  # mm


@cache
def blob(centre, fwhm):
    """A Gaussian of height 1 in the grid, shape `SHAPE`; `centre` and `fwhm` in mm."""
    voxels = np.indices(SHAPE).reshape(3, -1)
    distance2 = ((AFFINE[:3, :3] @ voxels + AFFINE[:3, 3:] - np.reshape(centre, (3, 1))) ** 2).sum(axis=0)
    return np.exp(-4 * np.log(2) * distance2 / fwhm**2).reshape(SHAPE)


def planted_slope(slope):
    """The planted change of the map per unit of the score, shape `SHAPE`: a blob that ends at its radius."""
    shape = blob(PLANTED_CENTRE, PLANTED_FWHM)
    edge = np.exp(-4 * np.log(2) * PLANTED_RADIUS**2 / PLANTED_FWHM**2)
    return slope * np.where(shape >= edge, shape, 0)


def variables(n_subjects, seed):
    """The table of subjects.

    Parameters
    ----------
    n_subjects : int
        At most 94.
    seed : int

    Returns
    -------
    dict of ndarray, shape (n_subjects,), by column
        `participant_id`, `age` (years), `sex`, `site`, `family` (siblings share one) and `pseudo` (s, whole numbers
        from 10 to 27, with a mean near 17.7). The whole table of 94 is drawn, so a shorter one is its beginning.
    """
    rng = np.random.default_rng([seed, 0])
    spread = 10 + 17 * special.betaincinv(2.2, 2.7, np.linspace(0, 1, 94))
    subjects = [f"S{number:02}" for number in range(1, 95)]
    kept = ~np.isin(subjects, MISSING)
    site = np.where(rng.random(94) < 0.6, "A", "B")
    site[kept] = rng.permutation(["A"] * 52 + ["B"] * 37)
    table = {
        "participant_id": subjects,
        "age": np.clip(np.rint(rng.normal(24.5, 5.5, 94)), 18, 49).astype(int),
        "sex": rng.choice(["F", "M"], 94),
        "site": site,
        "family": [f"F{number:02}" for number in np.sort(rng.integers(1, 80, 94))],
        "pseudo": rng.permutation(np.rint(spread).astype(int)),
    }
    return {name: np.array(cells)[:n_subjects] for name, cells in table.items()}


def subject_map(number, score, slope_map, brain, seed):
    """One subject's map.

    Parameters
    ----------
    number : int
        Which subject; its noise depends on `seed` and this only.
    score : float
        The subject's `pseudo`, known or not.
    slope_map : ndarray, shape `SHAPE`
        From `planted_slope`.
    brain : ndarray of bool, shape `SHAPE`
        The map is 0 elsewhere.
    seed : int

    Returns
    -------
    ndarray of float32, shape `SHAPE`
    """
    rng = np.random.default_rng([seed, 1, number])
    strength = rng.normal(1, 0.4)
    noise = gaussian_filter(rng.standard_normal(SHAPE), NOISE_FWHM / VOXEL / np.sqrt(8 * np.log(2)))
    data = NOISE_SD / noise.std() * noise + slope_map * (score - 17.7)
    for centre, peak, fwhm in RESPONSE:
        data += strength * peak * blob(centre, fwhm)
    return np.where(brain, data, 0).astype(np.float32)


def truth(slope, seed):
    """What was planted, as JSON; `slope` is the change of the map per unit of the score at the centre."""
    return {
        "variable": "pseudo",
        "slope": slope,
        "centre_mm": PLANTED_CENTRE,
        "fwhm_mm": PLANTED_FWHM,
        "radius_mm": PLANTED_RADIUS,
        "response": [{"centre_mm": centre, "peak": peak, "fwhm_mm": fwhm} for centre, peak, fwhm in RESPONSE],
        "seed": seed,
    }
