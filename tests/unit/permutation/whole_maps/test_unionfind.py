"""Kernels against scipy's labels, and machine code where no folder can be written that would keep it."""

import numba
import numpy as np
import pytest
from numba.core.caching import CacheImpl
from scipy import ndimage

from secondlevel.base.compiling import compiled
from secondlevel.permutation.whole_maps.unionfind import largest_enhancement
from secondlevel.space.neighbourhood import REACH, Neighbourhood
from volumes import CONNECTIVITIES, example, volume_of


def twice(value):
    return 2 * value


@pytest.mark.parametrize("writable", [True, False])
def test_functions_are_compiled_whether_or_not_they_can_be_kept(monkeypatch, writable):
    if not writable:
        monkeypatch.setattr(CacheImpl, "_locator_classes", [])
        with pytest.raises(RuntimeError, match="cannot cache"):
            numba.njit(cache=True)(twice)
    function = compiled(twice)
    assert (function(3), function(0.5)) == (6, 1.0)
    assert function.nopython_signatures


def naive_largest(values, inside, connectivity, weights):
    """The largest integral of the weight of a voxel's component, level by level, by scipy's labels."""
    volume, total = volume_of(values, inside), np.zeros(inside.shape)
    structure = ndimage.generate_binary_structure(3, REACH[connectivity])
    levels = np.unique(np.append(values[values > 0], 0))
    for below, level in zip(levels, levels[1:], strict=False):
        labels, _ = ndimage.label(volume >= level, structure)
        extents = np.bincount(labels.ravel())
        extents[0] = 0
        total += weights[extents][labels] * (level - below)
    return total.max()


@pytest.mark.parametrize("connectivity", CONNECTIVITIES)
@pytest.mark.parametrize("smooth", [0, 0.7, 1.5])
@pytest.mark.parametrize("decimals", [0, 1, 9])
def test_the_largest_enhancement_is_its_definition_in_any_order_of_equal_voxels(connectivity, smooth, decimals):
    rng = np.random.default_rng(7)
    for seed in range(5):
        inside, values = example(seed, smooth)
        values = values.round(decimals)
        where, weights = Neighbourhood(inside, connectivity), np.arange(values.size + 1) ** 0.5
        found = set()
        for _ in range(5):
            order = rng.permutation(values.size)
            order = order[np.argsort(-values[order], kind="stable")][: (values > 0).sum()]
            found.add(largest_enhancement(where.positions[order], values[order], weights, where.offsets, where.n_cells))
        assert len(found) == 1  # to the last bit
        np.testing.assert_allclose(found.pop(), naive_largest(values, inside, connectivity, weights), rtol=1e-12)


@pytest.mark.parametrize("connectivity", CONNECTIVITIES)
def test_components_that_meet_in_one_voxel_become_one(connectivity):
    """Peaks on all even cells, which only the voxels between them join, the lower the later."""
    inside = np.ones((5, 5, 5), bool)
    odd = (np.indices(inside.shape) % 2).sum(axis=0)[inside]
    values, where, weights = 4.0 - odd, Neighbourhood(inside, connectivity), np.arange(126.0)
    order = np.argsort(odd, kind="stable")
    found = largest_enhancement(where.positions[order], values[order], weights, where.offsets, where.n_cells)
    assert found == naive_largest(values, inside, connectivity, weights) == 1 + 81 + 117 + 125


def test_of_no_voxel_the_largest_enhancement_is_0_and_of_one_its_level():
    where, weights = Neighbourhood(np.ones((1, 1, 1), bool), 26), np.array([0, 2.0])
    for n, expected in ((0, 0), (1, 14)):
        found = largest_enhancement(where.positions[:n], np.full(n, 7.0), weights, where.offsets, where.n_cells)
        assert found == expected
