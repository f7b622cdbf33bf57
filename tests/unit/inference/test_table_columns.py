"""What tables of clusters tell, and in which unit."""

import numpy as np
import pandas as pd
import pytest

from secondlevel.inference.table_columns import about_columns, columns_at_peaks, columns_of_clusters, rounded
from secondlevel.permutation.nulls import Null

Z, T, EFFECT, V = (np.array(values) for values in ([1.0, 2], [1.1, 2.2], [3e-7, -4e9], [0.9, 1.9]))
LOGP = {"maxT": np.array([1.0, 2]), "maxExtent": np.array([0.0, 3]), "maxMass": np.array([0.5, 1])}
LOGP |= {"maxTFCE": np.array([0.0, 1])}


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
    table = pd.DataFrame(
        {"effect": [effect], "t": [1.23456789], "voxels": pd.array([3], dtype="Int64"), "label": ["a"]}
    )
    written = rounded(table)
    assert written["effect"][0] == pytest.approx(effect, rel=5e-6)
    assert written["t"][0] == 1.234568
    assert written["label"][0] == "a"
    assert rounded(table[:0]).empty
    assert "effect" not in rounded(table[["t"]])


def test_every_column_is_told_with_its_unit():
    names = ["cluster", "x_mm", "effect", "t", "v", "z", "p_maxT", "p_maxExtent", "voxels", "mm3", "label"]
    found = about_columns(names)
    assert list(found) == names
    assert all(column["Description"] for column in found.values())
    assert found["effect"]["Units"] == "units of the maps per unit of the contrast"
    assert found["x_mm"]["Units"] == "mm"
    assert found["p_maxExtent"]["Description"].endswith("permutation, cluster extent")
    assert found["v"] == {"Description": "the statistic that was permuted"}
