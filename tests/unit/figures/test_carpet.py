import numpy as np
import pytest

from drawn import SIZES, is_drawn_the_same
from secondlevel.figures.carpet import WIDEST, draw_carpet, spread_out
from secondlevel.figures.style import ORANGE
from secondlevel.space.units import EDGES, PARCELS


def sample(n_subjects, n_elements=50):
    rng = np.random.default_rng(n_subjects)
    table = {
        "participant_id": np.array([f"sub-{number:03}" for number in range(n_subjects)]),
        "correlation": rng.uniform(size=n_subjects),
        "outlier": np.array([""] * (n_subjects - 1) + ["mean"]),
    }
    return rng.normal(size=(n_subjects, n_elements)), table


@pytest.mark.parametrize("n_subjects", SIZES)
def test_a_carpet_is_drawn_without_warnings_and_equal_ones_make_equal_files(n_subjects, tmp_path):
    assert is_drawn_the_same(lambda: draw_carpet(*sample(n_subjects), PARCELS), tmp_path)


def test_rows_are_maps_and_outliers_have_a_colour():
    maps, table = sample(20)
    figure = draw_carpet(maps, table, PARCELS)
    axes = figure.axes[0]
    np.testing.assert_array_equal(axes.images[0].get_array(), maps)
    labels = axes.get_yticklabels()
    assert [label.get_text() for label in labels] == table["participant_id"].tolist()
    assert [label.get_color() == ORANGE for label in labels] == [False] * 19 + [True]
    assert axes.get_xlabel() == "50 parcels"
    assert figure.get_suptitle() == "Values by parcel of each map; outliers in colour: 1"


def test_of_very_many_elements_some_are_drawn_and_the_picture_says_so():
    maps, table = sample(3, 5 * WIDEST)
    figure = draw_carpet(maps, table, EDGES)
    assert figure.axes[0].images[0].get_array().shape == (3, WIDEST)
    assert figure.axes[0].get_xlabel() == "10,000 edges (2,000 are drawn, evenly chosen)"
    assert spread_out(7).tolist() == list(range(7))
    assert set(np.diff(spread_out(5 * WIDEST))) == {5, 4} or set(np.diff(spread_out(5 * WIDEST))) == {5, 6}
