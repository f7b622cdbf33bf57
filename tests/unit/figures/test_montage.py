import numpy as np
import pytest
from matplotlib.patches import Rectangle

from drawn import MASK, SIZES, is_drawn_the_same, sample
from secondlevel.figures.montage import chosen, draw_montage, middle_slice, upright


@pytest.mark.parametrize("n_subjects", SIZES)
def test_a_montage_is_drawn_without_warnings_and_equal_ones_make_equal_files(n_subjects, tmp_path):
    maps, table, _ = sample(n_subjects)
    assert is_drawn_the_same(lambda: draw_montage(maps, MASK, table), tmp_path)


@pytest.mark.parametrize(("n_subjects", "shown"), [(30, 30), (150, 100)])
def test_montage_frames_outliers(n_subjects, shown):
    maps, table, _ = sample(n_subjects)
    figure = draw_montage(maps, MASK, table)
    axes = figure.axes[0]
    assert len(axes.images) == shown
    columns, rows = middle_slice(MASK)[0], chosen(table)[0]
    for image, row in zip(axes.images, rows, strict=True):
        np.testing.assert_array_equal(image.get_array()[columns >= 0], maps[row][columns[columns >= 0]])
        assert np.ma.getmaskarray(image.get_array())[columns < 0].all()
    assert sum(isinstance(patch, Rectangle) for patch in axes.patches) == (table["outlier"] != "").sum() >= 1
    bold = [text.get_text() for text in axes.texts if text.get_fontweight() == "bold"]
    assert bold == table["participant_id"][table["outlier"] != ""].tolist()
    assert ("100 of 150 maps" in figure.get_suptitle()) == (n_subjects == 150)


def test_of_many_maps_outliers_come_first_then_those_least_like_the_others():
    correlation = np.random.default_rng(0).uniform(size=300)
    outlier = np.where(np.isin(np.arange(300), (7, 200)), "mean", "")
    rows, _ = chosen({"correlation": correlation, "outlier": outlier})
    others = [row for row in np.argsort(correlation) if row not in (7, 200)]
    assert set(rows[:2]) == {7, 200}
    assert rows[2:].tolist() == others[:98]


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
@pytest.mark.parametrize("signs", [(1, 1, 1), (-1, 1, 1), (1, -1, -1)])
def test_upright_however_the_grid_is_stored(order, signs):
    canonical, sizes = np.random.default_rng(0).normal(size=(4, 5, 6)), np.array([2.0, 3.0, 4.0])
    stored = canonical[tuple(slice(None, None, sign) for sign in signs)].transpose(order)
    affine = np.eye(4)
    affine[:3, :3] = np.diag(sizes * signs)[:, list(order)]
    volume, found = upright(stored, affine)
    np.testing.assert_array_equal(volume, canonical)
    np.testing.assert_array_equal(found, sizes)


def test_the_middle_slice_has_the_left_of_the_brain_on_its_left():
    columns, height, aspect = middle_slice(MASK)
    inside = columns[columns >= 0]
    places = np.array([MASK.coordinates(column) for column in inside])
    assert set(places[:, 2]) == {height}
    assert aspect == 1
    heights = np.array([MASK.coordinates(column)[2] for column in range(MASK.size)])
    assert max((heights < height).mean(), (heights > height).mean()) <= 0.5
    assert len(inside) == (heights == height).sum()
    row = columns[len(columns) // 2]
    across = [MASK.coordinates(column)[0] for column in row[row >= 0]]
    assert across == sorted(across)
    upwards = columns[:, columns.shape[1] // 2]
    along = [MASK.coordinates(column)[1] for column in upwards[upwards >= 0]]
    assert along == sorted(along)
