"""Clusters against scipy's labels."""

import numpy as np
import pytest

from secondlevel.permutation.whole_maps.clusters import Clusters
from secondlevel.space.neighbourhood import Neighbourhood
from volumes import CONNECTIVITIES, example, naive_clusters, walled


@pytest.mark.parametrize("connectivity", CONNECTIVITIES)
@pytest.mark.parametrize("two_sided", [False, True])
@pytest.mark.parametrize("threshold", [0.3, 1.5, 99])
def test_clusters_equal_scipys(connectivity, two_sided, threshold):
    for seed in range(20):
        inside, values = example(seed)
        ours = Clusters(Neighbourhood(inside, connectivity), threshold, two_sided)
        extent, mass = naive_clusters(values, inside, threshold, connectivity, two_sided)
        np.testing.assert_array_equal(ours.maps(values)[0], extent)
        np.testing.assert_allclose(ours.maps(values)[1], mass, rtol=1e-12)
        np.testing.assert_allclose(ours.maxima(values), [np.abs(extent).max(), np.abs(mass).max()], rtol=1e-12)


@pytest.mark.parametrize("wall", ["outside", "nan"])
def test_voxels_outside_the_mask_and_without_a_number_join_nothing(wall):
    neighbourhood, values = walled(wall)
    assert Clusters(neighbourhood, 1.0, True).maxima(values) == [27, 27]


def test_a_map_without_anything_above_has_maxima_of_zero():
    neighbourhood = Neighbourhood(np.ones((3, 3, 3), dtype=bool), 6)
    assert Clusters(neighbourhood, 1.0, False).maxima(-np.ones(27)) == [0, 0]
