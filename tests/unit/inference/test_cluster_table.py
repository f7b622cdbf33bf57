import numpy as np
import pandas as pd
import pytest

from secondlevel.base.errors import InputError
from secondlevel.inference.atlas import Atlas
from secondlevel.inference.cluster_table import cluster_labels, cluster_table, peaks
from secondlevel.space.images import Mask, write_image

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
    voxels = np.flatnonzero(labels)
    # The second is 6 mm from the first, the third 15 mm.
    assert list(values[peaks(values, voxels, MASK, 8, 9)]) == [9, 7, 6]
    assert list(values[peaks(values, voxels, MASK, 6, 9)]) == [9, 8, 7, 6]
    assert list(values[peaks(values, voxels, MASK, 6, 2)]) == [9, 8]


def test_the_table_tells_places_sizes_and_names():
    values = map_of({(4, 4, 4): 9, (9, 4, 4): -7})
    labels = cluster_labels(values, values != 0, MASK, 6, two_sided=True)
    atlas = Atlas(np.where(np.arange(20)[:, None, None] < 6, 3, 0) * np.ones((1, 20, 20)), AFFINE, {3: "left"})
    table = cluster_table(values, labels, MASK, {"t": values}, {"p_maxExtent": labels / 10}, atlas, 8, 4)
    assert list(table) == ["cluster", "peak", "x_mm", "y_mm", "z_mm", "t", "voxels", "mm3", "p_maxExtent", "label"]
    assert table[["x_mm", "y_mm", "z_mm"]].to_numpy().tolist() == [[18, -18, -18], [3, -18, -18]]
    assert table["t"].tolist() == [9, -7]
    assert table["voxels"].tolist() == [27, 27]
    assert table["mm3"].tolist() == pytest.approx([729, 729])
    assert table["p_maxExtent"].tolist() == [0.1, 0.2]
    assert table["label"].fillna("n/a").tolist() == ["left", "n/a"]
    nothing = cluster_table(values, 0 * labels, MASK, {"t": values}, {}, None, 8, 4)
    assert len(nothing) == 0
    assert list(nothing) == ["cluster", "peak", "x_mm", "y_mm", "z_mm", "t", "voxels", "mm3"]


def test_an_atlas_may_have_another_grid_and_regions_without_a_name(tmp_path):
    data = np.zeros((10, 10, 10), np.float32)
    data[2, 2, 2], data[7, 7, 7] = 5, 6
    write_image(tmp_path / "atlas.nii.gz", data, np.diag([6.0, 6, 6, 1]))
    pd.DataFrame({"index": [5], "name": ["insula"]}).to_csv(tmp_path / "atlas.tsv", sep="\t", index=False)
    atlas = Atlas.read(tmp_path / "atlas.nii.gz", tmp_path / "atlas.tsv")
    assert [atlas([x, x, x]) for x in (12, 13.9, 42, 0, -50, 500)] == ["insula", "insula", "6", None, None, None]
    (tmp_path / "atlas.tsv").write_text("index\tname\nfive\tinsula\n")
    with pytest.raises(InputError, match="the column 'index' must hold whole numbers"):
        Atlas.read(tmp_path / "atlas.nii.gz", tmp_path / "atlas.tsv")
    (tmp_path / "atlas.tsv").write_text("number\tname\n5\tinsula\n")
    with pytest.raises(InputError, match="has no column 'index'"):
        Atlas.read(tmp_path / "atlas.nii.gz", tmp_path / "atlas.tsv")
