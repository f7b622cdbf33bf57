import json

import nibabel as nib
import numpy as np
import pandas as pd

from secondlevel.datasets import simulated_localizer as simulation


def test_the_table_is_laid_out_like_the_localizer():
    table = pd.DataFrame(simulation.variables(94, 20))
    kept = table[~table["participant_id"].isin(simulation.MISSING)]
    assert list(table["participant_id"][:2]) == ["S01", "S02"]
    assert (len(table), len(kept)) == (94, 89)
    assert sorted(kept["site"].value_counts()) == [37, 52]
    assert (table["pseudo"].min(), table["pseudo"].max()) == (10, 27)
    assert 17.4 < table["pseudo"].mean() < 18
    assert table["family"].duplicated().any()


def test_a_seed_gives_the_same_data_and_a_shorter_table_is_its_beginning():
    of = lambda n, seed: pd.DataFrame(simulation.variables(n, seed))  # noqa: E731
    first, again, shorter, other = of(94, 3), of(94, 3), of(20, 3), of(94, 4)
    assert first.equals(again)
    assert shorter.equals(first.head(20))
    assert not first["age"].equals(other["age"])


def test_maps_carry_the_planted_slope_and_nothing_outside_the_brain():
    brain = np.zeros(simulation.SHAPE, dtype=bool)
    brain[10:40, 10:50, 10:40] = True
    slope = simulation.planted_slope(0.5)
    low, high = (simulation.subject_map(7, score, slope, brain, 1) for score in (10, 20))
    np.testing.assert_allclose((high - low)[brain], 10 * slope[brain], atol=1e-5)
    assert not low[~brain].any()
    centre = np.linalg.solve(simulation.AFFINE, [*simulation.PLANTED_CENTRE, 1])[:3]
    assert tuple(centre.astype(int)) == np.unravel_index(slope.argmax(), slope.shape)
    distance = simulation.AFFINE[:3, :3] @ (np.argwhere(slope > 0) - centre).T
    assert np.linalg.norm(distance, axis=0).max() <= simulation.PLANTED_RADIUS


def gaussian(centre, fwhm):
    """A Gaussian of height 1 around a place in mm, and the distance from there, voxel by voxel."""
    voxels = np.indices(simulation.SHAPE).reshape(3, -1).T
    places = nib.affines.apply_affine(simulation.AFFINE, voxels)
    distance = np.linalg.norm(places - centre, axis=1).reshape(simulation.SHAPE)
    return 0.5 ** ((2 * distance / fwhm) ** 2), distance


def test_the_truth_is_what_is_planted(monkeypatch):
    truth = json.loads(json.dumps(simulation.truth(0.7, 3)))
    assert (truth["variable"], truth["seed"]) == ("pseudo", 3)
    bump, distance = gaussian(truth["centre_mm"], truth["fwhm_mm"])
    edge = np.abs(distance - truth["radius_mm"]) < 1e-6
    expected = truth["slope"] * np.where(distance <= truth["radius_mm"], bump, 0)
    np.testing.assert_allclose(simulation.planted_slope(0.7)[~edge], expected[~edge], rtol=1e-9, atol=1e-12)
    # Without noise and slope, what is left is the response, in a strength of the subject's own.
    monkeypatch.setattr(simulation, "NOISE_SD", 0)
    brain, nothing = np.ones(simulation.SHAPE, dtype=bool), simulation.planted_slope(0)
    response = sum(part["peak"] * gaussian(part["centre_mm"], part["fwhm_mm"])[0] for part in truth["response"])
    one, other = (simulation.subject_map(number, 20, nothing, brain, 3) for number in (0, 1))
    strengths = [values.max() / response.max() for values in (one, other)]
    for values, strength in zip((one, other), strengths, strict=True):
        np.testing.assert_allclose(values, strength * response, atol=1e-5)
    assert strengths[0] != strengths[1]
