import numpy as np

from secondlevel.datasets import simulated_localizer as simulation


def test_the_table_is_laid_out_like_the_localizer():
    table = simulation.variables(94, 20)
    kept = table[~table["participant_id"].isin(simulation.MISSING)]
    assert list(table["participant_id"][:2]) == ["S01", "S02"]
    assert (len(table), len(kept)) == (94, 89)
    assert sorted(kept["site"].value_counts()) == [37, 52]
    assert (table["pseudo"].min(), table["pseudo"].max()) == (10, 27)
    assert 17.4 < table["pseudo"].mean() < 18
    assert table["family"].duplicated().any()


def test_a_seed_gives_the_same_data_and_a_shorter_table_is_its_beginning():
    assert simulation.variables(94, 3).equals(simulation.variables(94, 3))
    assert simulation.variables(20, 3).equals(simulation.variables(94, 3).head(20))
    assert not simulation.variables(94, 3)["age"].equals(simulation.variables(94, 4)["age"])


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
