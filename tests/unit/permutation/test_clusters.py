"""Clusters and TFCE against scipy's labels, the tfce package, and definitions spelt out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage, stats
from tfce import tfce

from secondlevel.inference.correction import fwe_p_values
from secondlevel.model.glm import fit, partition
from secondlevel.model.tails import forming_threshold, z_from_t
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.contrast_test import ContrastTest, Settings, chunk_nulls
from secondlevel.permutation.nulls import Null
from secondlevel.permutation.whole_maps.clusters import Clusters
from secondlevel.permutation.whole_maps.enhancement import Enhancement, ZHeights
from secondlevel.space.neighbourhood import REACH, Neighbourhood

SHAPE = (9, 8, 7)
CONNECTIVITIES = [6, 18, 26]


def example(seed=0, smooth=1.0):
    """A mask with holes, and a smooth map of t-like values in it."""
    rng = np.random.default_rng(seed)
    inside = rng.random(SHAPE) < 0.9
    values = ndimage.gaussian_filter(rng.normal(size=SHAPE), smooth)[inside]
    return inside, 2 * values / values.std()


def volume_of(values, inside):
    volume = np.zeros(inside.shape)
    volume[inside] = values
    return volume


def naive_clusters(values, inside, threshold, connectivity, two_sided):
    """Extent and mass of each voxel's cluster, from scipy's labels."""
    structure = ndimage.generate_binary_structure(3, REACH[connectivity])
    extent, mass = np.zeros(inside.shape), np.zeros(inside.shape)
    for sign in (1, -1) if two_sided else (1,):
        volume = sign * volume_of(values, inside)
        labels, n = ndimage.label(volume > threshold, structure)
        for label in range(1, n + 1):
            extent[labels == label] = sign * (labels == label).sum()
            mass[labels == label] = sign * (volume[labels == label] - threshold).sum()
    return extent[inside], mass[inside]


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


@pytest.mark.parametrize("two_sided", [False, True])
@pytest.mark.parametrize("scheme", ["permute", "flip"])
def test_every_shuffle_and_every_p_equal_a_naive_loops(scheme, two_sided):
    """Freedman and Lane shuffle by shuffle, a full fit each, scipy's labels and the tfce package's maps."""
    rng = np.random.default_rng(3)
    inside = example()[0]
    n, asked = 14, 150
    design = np.column_stack([rng.normal(size=(n, 2)), np.ones(n)])
    noise = np.array([ndimage.gaussian_filter(rng.normal(size=SHAPE), 1.0)[inside] for _ in range(n)])
    maps = (noise / noise.std() + 0.3 * design[:, 1:2]).astype(np.float32)
    split = partition(design, [1, 0, 0])
    clusters = {"threshold": "p < 0.1", "connectivity": 18}
    enhancement = {"statistic": "t", "extent_power": 0.5, "height_power": 2, "connectivity": 6}
    settings = Settings(scheme, Blocks.none(n), asked, 5, two_sided, None, None, inside, clusters, enhancement)
    test = ContrastTest.of(settings, design, split)
    quiet = lambda total, what: None  # noqa: E731
    # Of five chunks some have no share of the two blocks of shuffles.
    pieces = [chunk_nulls(maps, {"a": test}, chunk, 5, False, 2, quiet)["a"] for chunk in range(5)]
    assert any(piece.size == 0 for piece in pieces)
    null = Null.concatenate(pieces)

    alone = ContrastTest.of(Settings(scheme, Blocks.none(n), asked, 5, two_sided), design, split)
    without = chunk_nulls(maps, {"a": alone}, 0, 1, False, 1, quiet)["a"]
    np.testing.assert_array_equal(null.maxima["maxT"], without.maxima["maxT"])

    threshold = stats.t.isf(0.05 if two_sided else 0.1, n - 3)
    assert null.about["clusters"]["statistic_above"] == pytest.approx(threshold)
    residual = split.without_nuisance(maps.astype(float))
    fitted = maps - residual
    maxima, observed = [], None
    for k in range(asked + 1):
        order, signs = test.shuffles.draw(k, 1)
        # The engine moves the rows of the design; here the residuals move the other way.
        moved = residual[np.argsort(order[0])] if order is not None else residual * signs[0][:, None]
        t = fit(fitted + moved, split).t
        extent, mass = naive_clusters(t, inside, threshold, 18, two_sided)
        enhanced = tfce(volume_of(t, inside), connectivity=6, two_sided=two_sided)[inside]
        found = {"maxT": t, "maxExtent": extent, "maxMass": mass, "maxTFCE": enhanced}
        observed = observed or found
        maxima.append([(np.abs(values) if two_sided else values).max() for values in found.values()])
    maxima = np.array(maxima)
    assert list(null.maxima) == list(observed)
    np.testing.assert_array_equal(null.maxima["maxExtent"], maxima[:, 1])
    for number, (method, values) in enumerate(observed.items()):
        np.testing.assert_allclose(null.maxima[method], maxima[:, number], rtol=2e-4, atol=1e-6)
        np.testing.assert_allclose(null.observed[method], values, rtol=2e-4, atol=1e-5)
        evidence = np.abs(values) if two_sided else values
        reached = (maxima[1:, number] >= (evidence - null.tie[method])[:, None]).sum(axis=1)
        p = fwe_p_values(null.evidence(method), null.maxima[method][1:], null.tie[method])
        np.testing.assert_allclose(p, (1 + reached) / (1 + asked))


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


def test_voxels_outside_the_mask_and_without_a_number_join_nothing():
    inside = np.ones((7, 3, 3), dtype=bool)
    values = np.ones(inside.shape)
    for wall in ("outside", "nan"):
        mask, map_ = inside.copy(), 2 * values
        if wall == "outside":
            mask[3] = False
        else:
            map_[3] = np.nan
        neighbourhood = Neighbourhood(mask, 26)
        assert Clusters(neighbourhood, 1.0, True).maxima(map_[mask]) == [27, 27]
        alone = Enhancement(neighbourhood, 0.5, 2.0, True)
        assert alone.maxima(map_[mask])[0] == pytest.approx(np.sqrt(27) * 8 / 3)
        assert np.nanmax(alone.maps(map_[mask])) == pytest.approx(np.sqrt(27) * 8 / 3)


def test_a_map_without_anything_above_has_maxima_of_zero():
    inside = np.ones((3, 3, 3), dtype=bool)
    neighbourhood = Neighbourhood(inside, 6)
    assert Clusters(neighbourhood, 1.0, False).maxima(-np.ones(27)) == [0, 0]
    assert Enhancement(neighbourhood, 0.5, 2.0, False).maxima(-np.ones(27)) == [0]


def test_forming_thresholds():
    t, f = {"name": "t", "rank": 1}, {"name": "F", "rank": 3}
    assert forming_threshold("t > 3.2", t, 20, True) == 3.2
    assert forming_threshold("p < 0.001", t, 20, False) == pytest.approx(stats.t.isf(0.001, 20))
    assert forming_threshold("p < 0.001", t, 20, True) == pytest.approx(stats.t.isf(0.0005, 20))
    assert forming_threshold("z > 3.1", t, 20, True) == pytest.approx(stats.t.isf(stats.norm.sf(3.1), 20))
    assert forming_threshold("p < 0.001", f, 20, False) == pytest.approx(stats.f.isf(0.001, 3, 20))
    g = {"name": "G", "rank": 3}
    assert forming_threshold("p < 0.001", g, 20, False) == pytest.approx(stats.f.isf(0.001, 3, 20))
    assert forming_threshold("z > 3.1", f, 20, False) == pytest.approx(stats.f.isf(stats.norm.sf(3.1), 3, 20))
