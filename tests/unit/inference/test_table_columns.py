"""What tables of clusters tell, and in which unit."""

from types import SimpleNamespace

import numpy as np
import pytest

from secondlevel.inference.table_columns import about_columns, columns_at_peaks, columns_of_clusters, rounded
from secondlevel.permutation.nulls import Null
from secondlevel.space.kinds.connectome import Connectome
from secondlevel.space.kinds.grayordinates import Grayordinates
from secondlevel.space.kinds.parcels import Parcels
from secondlevel.space.kinds.surface import Surface
from secondlevel.space.kinds.volume import Mask
from secondlevel.space.units import PIXELS

Z, T, EFFECT, V = (np.array(values) for values in ([1.0, 2], [1.1, 2.2], [3e-7, -4e9], [0.9, 1.9]))
LOGP = {"maxT": np.array([1.0, 2]), "maxExtent": np.array([0.0, 3]), "maxMass": np.array([0.5, 1])}
LOGP |= {"maxTFCE": np.array([0.0, 1])}
MASK = Mask(np.ones((1, 1, 2), dtype=bool), np.eye(4))


def null(name):
    return Null({"statistic": {"name": name}}, 0, {"maxT": np.ones(2)}, observed={"maxT": T if name == "t" else V})


def test_the_effect_stands_beside_the_statistic_and_p_of_clusters_apart():
    found = columns_at_peaks({"effect": EFFECT, "t": T}, null("t"), Z, LOGP)
    assert list(found) == ["effect", "t", "z", "p_maxT", "p_maxTFCE"]
    np.testing.assert_allclose(found["p_maxT"], [0.1, 0.01])
    np.testing.assert_array_equal(found["effect"], EFFECT)
    assert list(columns_at_peaks({"effect": EFFECT, "t": T}, null("v"), Z, {})) == ["effect", "t", "v", "z"]
    assert list(columns_at_peaks({"F": T}, null("F"), Z, {})) == ["F", "z"]
    assert list(columns_of_clusters("clusters", LOGP)) == ["p_maxExtent", "p_maxMass"]
    assert columns_of_clusters("maxT", LOGP) == {}


@pytest.mark.parametrize("effect", [1.23456789e-9, -0.000123456789, 12.3456789, 9.87654321e12, 0.0])
def test_effects_keep_the_digits_that_count_whatever_the_unit(effect):
    table = {"effect": [effect], "t": [np.float32(1.2345678)], "voxels": [3], "mm3": [None], "label": ["a"]}
    written = rounded(table)
    assert written["effect"][0] == pytest.approx(effect, rel=5e-6)
    assert written["t"][0] == 1.234568
    assert [written[name] for name in ("voxels", "mm3", "label")] == [[3], [None], ["a"]]
    assert rounded({"t": []}) == {"t": []}


def test_every_column_is_told_with_its_unit():
    names = [
        "cluster",
        "x_mm",
        "effect",
        "t",
        "v",
        "z",
        "p_maxT",
        "p_maxExtent",
        "voxels",
        "mm3",
        "discoveries",
        "label",
    ]
    found = about_columns(names, MASK)
    assert list(found) == names
    assert all(column["Description"] for column in found.values())
    assert found["effect"]["Units"] == "units of the maps per unit of the contrast"
    assert found["x_mm"]["Units"] == "mm"
    assert found["p_maxExtent"]["Description"].endswith("permutation, cluster extent")
    assert found["v"] == {"Description": "the statistic that was permuted"}
    assert found["voxels"] == {"Description": "number of voxels of the cluster, at its first peak", "Units": "voxels"}
    assert found["discoveries"]["Units"] == "voxels"
    assert found["p_maxT"]["Description"].endswith("corrected by: permutation, voxels")


@pytest.mark.parametrize(
    "space",
    [
        Surface,
        Grayordinates,
        Parcels,
        Connectome,
        SimpleNamespace(unit=PIXELS, place_columns=("time",), size_columns=()),
    ],
)
def test_columns_of_every_kind_of_space_are_told(space):
    names = ["v", *space.place_columns, *space.size_columns, "discoveries", "p_maxT"]
    found = about_columns(names, space)
    texts = [text for about in found.values() for text in about.values()]
    assert not [text for text in texts if "voxel" in text or "{" in text]
    assert [name for name, about in found.items() if "was permuted" in about["Description"]] == ["v"]
    assert found["p_maxT"]["Description"] == f"p value at the peak, corrected by: permutation, {space.unit.many}"
