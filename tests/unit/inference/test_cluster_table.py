import numpy as np
import pytest
from scipy.ndimage import maximum_filter

from secondlevel.base.columns import read_rows, write_columns
from secondlevel.inference.atlas import Atlas
from secondlevel.inference.cluster_table import cluster_labels, cluster_table, passing, peaks
from secondlevel.inference.table_columns import rounded
from secondlevel.permutation.nulls import Null
from secondlevel.space.kinds.connectome import Connectome
from secondlevel.space.kinds.volume import Mask
from secondlevel.space.nodes import Nodes

AFFINE = np.array([[-3.0, 0, 0, 30], [0, 3, 0, -30], [0, 0, 3, -30], [0, 0, 0, 1]])
MASK = Mask(np.ones((20, 20, 20), dtype=bool), AFFINE)


def map_of(points):
    """A map of cubes of 3 x 3 x 3 voxels around points, half as high as the point itself."""
    volume = np.zeros(MASK.inside.shape)
    for (x, y, z), height in points.items():
        cube = volume[x - 1 : x + 2, y - 1 : y + 2, z - 1 : z + 2]
        cube[:] = np.where(np.abs(cube) > abs(height) / 2, cube, height / 2)
        volume[x, y, z] = height
    return volume[MASK.inside]


def test_clusters_are_numbered_from_the_highest_peak_and_signs_stay_apart():
    values = map_of({(4, 4, 4): 5, (7, 4, 4): -8, (14, 14, 14): 6})  # the first two touch
    labels = cluster_labels(values, values != 0, MASK, 26, two_sided=True)
    tops = [np.abs(values[labels == cluster]).max() for cluster in (1, 2, 3)]
    assert tops == [8, 6, 5]
    assert labels.max() == 3
    assert set(values[labels == 1]) == {-8, -4}
    one_sided = cluster_labels(values, values > 0, MASK, 26, two_sided=False)
    assert [(one_sided == cluster).sum() for cluster in (1, 2)] == [27, 27]
    assert cluster_labels(values, np.zeros(values.size, bool), MASK, 6, two_sided=True).max() == 0


def test_peaks_keep_their_distance():
    values = map_of({(4, 4, 4): 9, (6, 4, 4): 8, (9, 4, 4): 7, (12, 4, 4): 6})
    labels = cluster_labels(values, values > 0, MASK, 6, two_sided=False)
    assert labels.max() == 1
    # The second is 6 mm from the first, the third 15 mm.
    for min_distance, most, heights in ((8, 9, [9, 7, 6]), (6, 9, [9, 8, 7, 6]), (6, 2, [9, 8])):
        (found,) = peaks(values, labels, MASK, min_distance, most)
        assert list(values[found]) == heights


def naive_peaks(values, labels, mask, min_distance, most):
    """The same by a filter of the whole volume for each cluster and a loop over its voxels."""
    places = [mask.coordinates(voxel) for voxel in range(mask.size)]
    for cluster in range(1, labels.max() + 1):
        height = np.where(labels == cluster, np.abs(values), 0)
        volume = mask.volume(height)
        candidates = np.flatnonzero((volume == maximum_filter(volume, size=3))[mask.inside] & (labels == cluster))
        found = []
        for voxel in candidates[np.argsort(-height[candidates], kind="stable")]:
            apart = [np.linalg.norm(np.array(places[voxel]) - places[other]) >= min_distance for other in found]
            if all(apart) and len(found) < most:
                found.append(voxel)
        yield found


OBLIQUE = np.array([[-2.9, 0.3, 0.1, 30], [0.2, 3.1, 0, -30], [0, 0.2, 2.7, -30], [0, 0, 0, 1]])


@pytest.mark.parametrize("affine", [AFFINE, OBLIQUE])
@pytest.mark.parametrize(("decimals", "cut"), [(9, 0.5), (9, 1.5), (0, 0.5), (1, 1.0)])
@pytest.mark.parametrize("connectivity", [6, 26])
def test_peaks_are_those_of_a_naive_search_with_many_clusters_and_ties(affine, decimals, cut, connectivity):
    rng = np.random.default_rng(5)
    mask = Mask(rng.random((14, 13, 12)) < 0.9, affine)
    values = rng.normal(size=mask.size).round(decimals)
    labels = cluster_labels(values, np.abs(values) > cut, mask, connectivity, two_sided=True)
    assert labels.max() > 1
    for min_distance, most in ((8, 3), (3, 9), (6, 9), (0, 2)):
        found = peaks(values, labels, mask, min_distance, most)
        assert found == list(naive_peaks(values, labels, mask, min_distance, most))


def test_the_table_tells_places_sizes_and_names():
    values = map_of({(4, 4, 4): 9, (9, 4, 4): -7})
    labels = cluster_labels(values, values != 0, MASK, 6, two_sided=True)
    atlas = Atlas(np.where(np.arange(20)[:, None, None] < 6, 3, 0) * np.ones((1, 20, 20)), AFFINE, {3: "left"})
    names = lambda element: atlas(MASK.coordinates(element))  # noqa: E731
    table = cluster_table(values, labels, MASK, {"t": values}, {"p_maxExtent": labels / 10}, names, 8, 4)
    assert list(table) == ["cluster", "peak", "x_mm", "y_mm", "z_mm", "t", "voxels", "mm3", "p_maxExtent", "label"]
    assert [table["x_mm"], table["y_mm"], table["z_mm"]] == [[18, 3], [-18, -18], [-18, -18]]
    assert table["t"] == [9, -7]
    assert table["voxels"] == [27, 27]
    assert table["mm3"] == pytest.approx([729, 729])
    assert table["p_maxExtent"] == [0.1, 0.2]
    assert table["label"] == ["left", None]
    nothing = cluster_table(values, 0 * labels, MASK, {"t": values}, {}, None, 8, 4)
    assert not any(nothing.values())
    assert list(nothing) == ["cluster", "peak", "x_mm", "y_mm", "z_mm", "t", "voxels", "mm3"]


def test_numbers_of_elements_and_nodes_are_written_as_whole_numbers(tmp_path):
    """Where a row has none, too: the second peak of a cluster."""
    space = Connectome(np.ones(15, dtype=bool), Nodes(list("abcdef")))
    values = np.ones(15)
    values[[0, 9]] = 9, 8  # edges that share no node
    labels = cluster_labels(values, values > 0, space, 6, two_sided=False)
    table = cluster_table(values, labels, space, {"t": values}, {"discoveries": 0 * labels + 7}, None, 0, 2)
    write_columns(tmp_path / "table.tsv", rounded(table))
    first, second = read_rows(tmp_path / "table.tsv")
    assert [first[key] for key in ("edges", "nodes", "discoveries", "t")] == ["15", "6", "7", "9.0"]
    assert [second[key] for key in ("edges", "nodes", "discoveries")] == ["n/a"] * 3


def kinds(two_sided=False, threshold=2.0):
    """What passes by each correction, in five elements."""
    observed = {"maxT": [1.0, 4, -5, 3, 0], "maxExtent": [0.0, 2, -1, 2, 0], "maxMass": [0.0, 3, -2, 1, 0]}
    observed = {method: np.array(values) for method, values in observed.items()}
    null = Null({"two_sided": two_sided}, 0, {"maxT": np.ones(2)}, observed=observed)
    logp = {"maxT": -np.log10([0.5, 0.05, 0.2, 0.0500001, 1]), "maxTFCE": -np.log10([0.01, 0.06, 1, 1, 1])}
    logp |= {"maxExtent": np.zeros(5), "maxMass": np.zeros(5)}
    z = np.array([0.5, 2.5, -3, 2, 0])
    return passing(null, z, logp, {"fdr": {"threshold": threshold}}, 0.05), z, observed["maxT"]


def test_what_passes_is_what_its_p_or_its_threshold_lets_pass():
    found, z, statistic = kinds()
    inside = {kind: np.flatnonzero(which).tolist() for kind, (_, which) in found.items()}
    # A p that only rounding keeps above alpha passes. Clusters are those above the forming threshold, whatever their p.
    assert inside == {"maxT": [1, 3], "clusters": [1, 2, 3], "maxTFCE": [0], "fdr": [1]}
    for kind, (values, _) in found.items():
        np.testing.assert_array_equal(values, z if kind == "fdr" else statistic)
    assert np.flatnonzero(kinds(two_sided=True)[0]["fdr"][1]).tolist() == [1, 2]
    assert not kinds(threshold=None)[0]["fdr"][1].any()


def test_corrections_that_were_not_made_have_no_table():
    null = Null({"two_sided": False}, 0, {"maxT": np.ones(2)}, observed={"maxT": np.ones(3)})
    assert list(passing(null, np.ones(3), {"maxT": np.zeros(3)}, {"fdr": {"threshold": None}}, 0.05)) == ["maxT", "fdr"]
