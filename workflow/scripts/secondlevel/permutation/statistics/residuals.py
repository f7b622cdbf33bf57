"""What is left of maps without their nuisance, from which every statistic starts."""

import numpy as np

# Elements whose maps are nothing but nuisance, to the precision of float32, have a score of 0.
NOTHING = 1e-6


def unit_residuals(maps, split, dtype):
    """Maps without their nuisance, each element scaled to unit length, shape (n_subjects, n_elements)."""
    maps = np.asarray(maps, dtype=np.float64)
    residual = split.without_nuisance(maps)
    length = np.sqrt(np.einsum("ij,ij->j", residual, residual))
    some = length > NOTHING * np.sqrt(np.einsum("ij,ij->j", maps, maps))
    residual *= np.where(some, 1 / np.where(some, length, 1), 0)
    return np.ascontiguousarray(residual, dtype=dtype)
