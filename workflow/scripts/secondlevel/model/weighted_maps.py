"""The maps of a weighted model, written: of the model, and of whether having a value goes with a contrast."""

import numpy as np

from secondlevel.model.maps import MISSING, OF_VARIANCES, OF_WEIGHTED, StatMap
from secondlevel.model.weighted import goes_with
from secondlevel.model.written import write_maps

WORDS = "weighted least squares of the values at hand"
WITH_VARIANCES = "weighted least squares, with first-level variances and the variance between subjects"


def words_of(model, rank=1):
    """What sidecars say of the model, and its degrees of freedom, the largest and the least, by a contrast's rank."""
    most = int(model.df.max())
    return {
        "Model": WORDS if model.tau2 is None else WITH_VARIANCES,
        "DegreesOfFreedom": most if rank == 1 else [rank, most],
        "LeastDegreesOfFreedom": int(model.df.min()),
    }


def write_model(output, model, mask):
    """Write what a `weighted.Model` says whatever the contrast."""
    write_maps(output, OF_WEIGHTED | OF_VARIANCES, model.maps, mask, words_of(model))


def write_missing(output, maps, split, mask, contrast):
    """Write the map of whether having a value goes with a contrast.

    Parameters
    ----------
    output : mapping of str to path
        With ``missing``.
    maps : ndarray or memmap, shape (n_subjects, n_elements)
    split : model.glm.Partition
    mask : space.protocol.Space
    contrast : str
    """
    statistic = "t" if split.rank == 1 else "F"
    kind = StatMap(statistic, MISSING.what, statistic, MISSING.desc)
    df = split.df if split.rank == 1 else [split.rank, split.df]
    about = {"Contrast": contrast, "Model": "ordinary least squares of 1 and 0", "DegreesOfFreedom": df}
    values = np.clip(goes_with(maps, split), -1e6, 1e6)
    write_maps(output, {"missing": kind}, {"missing": values}, mask, about, statistic=statistic)
