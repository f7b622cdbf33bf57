"""The residuals of maps, some elements at a time."""

import numpy as np

from secondlevel.base.matrix import columns
from secondlevel.model.weighted_fit import weighted_fit

TILE = 8192  # elements that are looked at at a time


def residual_tiles(maps, design):
    """The residuals of the maps, as float64.

    Where a map has no value its residual is 0, and those of the others at that element are scaled so that their squares
    add up to what all residuals would have in expectation.
    """
    basis = np.linalg.qr(design)[0]
    for start in range(0, maps.shape[1], TILE):
        tile = columns(maps, start, start + TILE).astype(np.float64)
        there = np.isfinite(tile)
        if there.all():
            tile -= basis @ (basis.T @ tile)
        else:
            tile = weighted_fit(np.where(there, tile, 0), there.astype(float), basis)[0] * there
            freedom = len(tile) - basis.shape[1]
            tile *= np.sqrt(freedom / (there.sum(axis=0) - basis.shape[1]))
        yield tile
