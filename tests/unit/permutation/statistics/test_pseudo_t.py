import numpy as np
import pytest
import statsmodels.api as sm
from scipy.ndimage import gaussian_filter

from permuting import BLOCKS, CONTRASTS, engine, example, freedman_lane, scattered
from secondlevel.base.errors import InputError
from secondlevel.base.sides import tested as evidence
from secondlevel.model.glm import partition
from secondlevel.permutation.engine import max_statistics, observed_statistics
from secondlevel.permutation.statistics.nuisance import FreedmanLane
from secondlevel.permutation.statistics.protocol import Ground
from secondlevel.permutation.statistics.pseudo_t import PseudoT, Smoother
from secondlevel.space.kinds.volume import Mask


@pytest.mark.parametrize("scheme", ["permute", "flip"])
@pytest.mark.parametrize("two_sided", [False, True])
def test_pseudo_t_equals_its_definition_on_each_shuffle(scheme, two_sided):
    design, maps = example()
    weights = np.array(CONTRASTS["t"], dtype=float)
    inside = scattered()
    smoother = Smoother.of_fwhm(inside, np.diag([2.0, 3, 4, 1]), 6.0)
    shuffles, test = engine(design, weights, scheme, BLOCKS["none"], two_sided, asked=20)
    test = PseudoT(test.split, two_sided, test.nuisance, smoother)
    (maxima,), (reached,) = max_statistics(maps, [test], shuffles, range(1), exceedances=True)

    def smooth(values):
        volume = np.zeros(inside.shape)
        volume[inside] = values
        return gaussian_filter(volume, np.array([3, 2, 1.5]) / np.sqrt(8 * np.log(2)), mode="constant")[inside]

    def definition(k):
        models = [sm.OLS(y, design).fit() for y in freedman_lane(design, weights, maps, shuffles, k).T]
        scale = weights @ np.linalg.inv(design.T @ design) @ weights
        variance = smooth([model.mse_resid for model in models]) / smooth(1.0)
        t = np.array([model.params @ weights for model in models]) / np.sqrt(scale * variance)
        return np.abs(t) if two_sided else t

    every = np.array([definition(k) for k in range(21)])
    np.testing.assert_allclose(maxima["maxT"], every.max(axis=1), rtol=3e-5)
    np.testing.assert_allclose(evidence(observed_statistics(maps, test), two_sided), every[0], rtol=1e-7)
    np.testing.assert_array_equal(reached, (every[1:] >= every[0] - 1e-5 * np.abs(every[0])).sum(axis=0))


def test_a_wide_smoother_gives_every_voxel_the_mean_variance_and_a_contrast_of_rows_is_refused():
    design, maps = example()
    ground = Ground({}, Mask(scattered(), np.diag([2.0, 3, 4, 1])), BLOCKS["none"], "permute")
    test = PseudoT.of_config(1e6, partition(design, CONTRASTS["t"]), True, ground)
    models = [sm.OLS(y, design).fit() for y in maps.T.astype(float)]
    scale = np.linalg.inv(design.T @ design)[0, 0] * np.mean([model.mse_resid for model in models])
    expected = np.array([model.params[0] for model in models]) / np.sqrt(scale)
    np.testing.assert_allclose(observed_statistics(maps, test), expected, rtol=1e-6)
    with pytest.raises(InputError, match="pseudo-t has no F"):
        PseudoT.of_config(5.0, partition(design, CONTRASTS["F"]), True, ground)


def test_where_the_model_leaves_no_variance_pseudo_t_is_large_and_where_there_is_nothing_0():
    design, maps = example()
    inside = np.ones((1, 1, 30), dtype=bool)
    maps[:, :15] = (design @ [1, 1, 2, 3])[:, None]  # the first column has an effect
    maps[:, 15:26] = (design @ [0, 1, 2, 3])[:, None]  # it has none
    smoother = Smoother.of_fwhm(inside, np.eye(4), 1.0)
    split = partition(design, CONTRASTS["t"])
    observed = observed_statistics(maps, PseudoT(split, False, FreedmanLane.of(split), smoother))
    assert (observed[:8] > 100).all()
    assert np.isfinite(observed).all()
    np.testing.assert_array_equal(observed[18:22], 0)
    assert (observed[26:] != 0).all()
