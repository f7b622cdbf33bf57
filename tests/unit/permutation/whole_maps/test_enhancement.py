"""TFCE against the tfce package, and its definition spelt out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage, stats
from tfce import tfce

from secondlevel.model.tails import z_from_t
from secondlevel.permutation.whole_maps.enhancement import Enhancement, ZHeights
from secondlevel.space.kinds.volume import Mask
from secondlevel.space.neighbourhood import Neighbourhood
from volumes import CONNECTIVITIES, example, volume_of, walled


@pytest.mark.parametrize("connectivity", CONNECTIVITIES)
@pytest.mark.parametrize("two_sided", [False, True])
@pytest.mark.parametrize("powers", [(0.5, 2.0), (1.0, 2.0), (0.6, 1.3)])
def test_tfce_equals_the_package(connectivity, two_sided, powers):
    for seed in range(20):
        inside, values = example(seed, smooth=seed % 4 / 2)
        ours = Enhancement(Neighbourhood(inside, connectivity), *powers, two_sided)
        volume = volume_of(values, inside)
        theirs = tfce(volume, connectivity=connectivity, E=powers[0], H=powers[1], two_sided=two_sided)[inside]
        np.testing.assert_allclose(ours.maxima(values)[0], np.abs(theirs).max(), rtol=1e-6)
        np.testing.assert_array_equal(ours.maps(values)[0], theirs)


@given(st.floats(0.01, 100), st.integers(0, 50))
def test_tfce_grows_with_the_cube_of_the_height(factor, seed):
    inside, values = example(seed)
    ours = Enhancement(Neighbourhood(inside, 6), 0.5, 2.0, False)
    np.testing.assert_allclose(ours.maxima(factor * values)[0], factor**3 * ours.maxima(values)[0], rtol=1e-9)


def stepped_tfce(values, inside, step):
    """TFCE as a sum of steps, each taken at its upper end."""
    volume, total = volume_of(values, inside), np.zeros(inside.shape)
    for height in np.arange(step, values.max() + step, step):
        labels, _ = ndimage.label(volume >= height)
        extent = np.bincount(labels.ravel())[labels] * (labels > 0)
        total += np.sqrt(extent) * height**2 * step
    return total[inside]


def test_a_stepped_tfce_converges_to_it_at_first_order():
    inside, values = example(4)
    enhancement = Enhancement(Neighbourhood(inside, 6), 0.5, 2.0, False)
    exact = enhancement.maxima(values)[0]
    steps = values.max() / np.array([50, 100, 200, 400, 800, 1600])
    stepped = [stepped_tfce(values, inside, step) for step in steps]
    errors = [abs(enhanced.max() - exact) for enhanced in stepped]
    np.testing.assert_allclose(enhancement.maps(values)[0], stepped[-1], atol=2e-3 * exact)
    order = np.polyfit(np.log(steps), np.log(errors), 1)[0]
    assert errors[-1] < 2e-3 * exact
    assert 0.8 < order < 1.3


def test_tfce_of_z_enhances_z():
    inside, t = example(2)
    t, df = 3 * t, 7
    neighbourhood = Neighbourhood(inside, 26)
    ours = Enhancement(neighbourhood, 0.5, 2.0, True, ZHeights({"name": "t", "rank": 1}, df))
    theirs = tfce(volume_of(z_from_t(t, df), inside), two_sided=True)[inside]
    np.testing.assert_allclose(ours.maps(t)[0], theirs, rtol=2e-6, atol=1e-6)
    np.testing.assert_allclose(ours.maxima(t)[0], np.abs(theirs).max(), rtol=2e-6)
    far = np.array([3.0, 49.99, 50.01, 1e6])
    np.testing.assert_allclose(ZHeights({"name": "t", "rank": 1}, 87)(far), z_from_t(far, 87), rtol=1e-6)
    f = ZHeights({"name": "F", "rank": 2}, 40)(np.array([0.1, 3.0]))
    np.testing.assert_allclose(f, [0, stats.norm.isf(stats.f.sf(3, 2, 40))], atol=1e-6)


@pytest.mark.parametrize("wall", ["outside", "nan"])
def test_voxels_outside_the_mask_and_without_a_number_join_nothing(wall):
    neighbourhood, values = walled(wall)
    ours = Enhancement(neighbourhood, 0.5, 2.0, True)
    assert ours.maxima(values)[0] == pytest.approx(np.sqrt(27) * 8 / 3)
    assert np.nanmax(ours.maps(values)) == pytest.approx(np.sqrt(27) * 8 / 3)


def test_a_map_without_anything_above_has_maxima_of_zero():
    neighbourhood = Neighbourhood(np.ones((3, 3, 3), dtype=bool), 6)
    assert Enhancement(neighbourhood, 0.5, 2.0, False).maxima(-np.ones(27)) == [0]


@pytest.mark.parametrize("connectivity", CONNECTIVITIES)
@pytest.mark.parametrize("smooth", [1, 3])
@pytest.mark.parametrize("decimals", [1, 9])
def test_tfce_of_a_large_map_in_either_precision_equals_the_package(connectivity, smooth, decimals):
    rng, shape = np.random.default_rng(3), (28, 30, 26)
    inside = rng.random(shape) < 0.97
    values = ndimage.gaussian_filter(rng.normal(size=shape), smooth)[inside]
    values = (2 * values / values.std()).round(decimals).astype(np.float32)
    volume = volume_of(values, inside)
    theirs = np.abs(tfce(volume, connectivity=connectivity, E=0.5, H=2.0, two_sided=True)).max()
    ours = Enhancement(Neighbourhood(inside, connectivity), 0.5, 2.0, True)
    single, double = ours.maxima(values), ours.maxima(values.astype(np.float64))
    assert single == double
    np.testing.assert_allclose(single[0], theirs, rtol=1e-5)


def test_a_single_voxel_and_an_infinite_one():
    ours = Enhancement(Neighbourhood(np.ones((1, 1, 1), bool), 6), 0.5, 2.0, True)
    for value, expected in ((3.0, 9), (-3.0, 9), (0.0, 0), (np.nan, 0), (-np.inf, np.inf)):
        assert ours.maxima(np.array([value])) == [expected]


def test_the_config_chooses_powers_neighbours_and_the_height():
    inside, values = example(1)
    mask = Mask(inside, np.eye(4))
    settings = {"statistic": "t", "extent_power": 1.0, "height_power": 1.5, "connectivity": 18}
    statistic = {"name": "t", "rank": 1}
    for height, heights in (("t", values), ("z", z_from_t(values, 9))):
        ours = Enhancement.of_config(settings | {"statistic": height}, mask, statistic, 9, True)
        theirs = tfce(volume_of(heights, inside), connectivity=18, E=1.0, H=1.5, two_sided=True)[inside]
        np.testing.assert_allclose(ours.maps(values)[0], theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("powers", [(3, 3), (1e-300, 3), (3, 1e-300), (1e-300, 1e-300)])
def test_the_powers_at_the_ends_of_their_range_give_finite_maps(powers):
    inside, values = example(3)
    for size in (1, 1e4):  # as of a voxel that the model explains whole
        ours = Enhancement(Neighbourhood(inside, 26), *powers, True)
        assert np.isfinite(ours.maps(size * values)).all()
        assert 0 < ours.maxima(size * values)[0] < np.inf
