"""Maps divided by their own mean."""

import numpy as np
import pytest

from secondlevel.base.errors import InputError
from secondlevel.space.global_mean import ByMean
from secondlevel.space.units import VERTICES


class Rows(list):
    """Rows with what was smoothed."""

    def about(self, subjects):
        return {"FWHM": 0, "Subjects": subjects}


def test_each_map_is_divided_by_the_mean_of_its_own_values():
    maps = np.random.default_rng(0).exponential(50, (3, 40)).astype(np.float32)
    maps[1, :7] = np.nan
    rows = ByMean(Rows(maps), ["a", "b", "c"], VERTICES)
    scaled = np.array(list(rows))
    means = [float(np.mean(row[np.isfinite(row)].astype(float))) for row in maps]
    np.testing.assert_allclose(scaled, maps / np.array(means)[:, None], rtol=1e-6)
    assert rows.about(["a", "b", "c"])["GlobalMeans"] == pytest.approx(dict(zip("abc", means, strict=True)))
    assert rows.about([])["FWHM"] == 0


@pytest.mark.parametrize("wrong", [[-1, -3], [1, -1], [0, 0], [np.nan, np.nan]])
def test_a_map_whose_mean_is_not_above_0_is_refused_by_its_subject(wrong):
    with pytest.raises(InputError, match="'scale_maps': the mean of the map of b over the analysed vertices is "):
        list(ByMean(Rows(np.array([[1.0, 2], wrong])), ["a", "b"], VERTICES))
