import warnings

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle
from secondlevel.figures.sample import apart, chosen, middle_slice, upright

from secondlevel.figures.brains import draw_coverage
from secondlevel.figures.montage import draw_montage
from secondlevel.figures.quality import draw_quality
from secondlevel.figures.style import save
from secondlevel.figures.variables import draw_variables
from secondlevel.sample.coverage import coverage
from secondlevel.sample.similarity import compare
from secondlevel.space.images import Mask

AFFINE = np.array([[-8.0, 0, 0, 72], [0, 8, 0, -104], [0, 0, 8, -48], [0, 0, 0, 1]])


@pytest.fixture
def mask():
    inside = np.zeros((19, 23, 16), dtype=bool)
    inside[3:16, 3:20, 2:14] = True
    inside[3:6, :, :9] = inside[:, 3:5, 10:] = False
    return Mask(inside, AFFINE)


def sample(mask, n_subjects):
    """Maps, their table and a design; the last map is spoilt, in more than one way."""
    rng = np.random.default_rng(n_subjects)
    maps = (rng.normal(size=mask.size) + rng.normal(size=(n_subjects, mask.size))).astype(np.float32)
    maps[-1] = 20 - 9 * maps[-1]
    groups = np.arange(n_subjects) % 2
    design = pd.DataFrame({"group": groups, "age": rng.integers(20, 70, n_subjects), "intercept": 1.0})
    names = {"participant_id": [f"sub-{number:03}" for number in range(n_subjects)]}
    return maps, pd.DataFrame(names | compare(maps, design.to_numpy())), design


def figures(mask, n_subjects):
    maps, table, design = sample(mask, n_subjects)
    return draw_montage(maps, mask, table), draw_quality(table), draw_variables(design)


@pytest.mark.parametrize("n_subjects", [1, 2, 3, 30, 150])
def test_figures_are_drawn_without_warnings(mask, n_subjects):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for figure in figures(mask, n_subjects):
            figure.canvas.draw()
            plt.close(figure)


def test_equal_figures_make_equal_files(mask, tmp_path):
    for figure, same in zip(figures(mask, 12), figures(mask, 12), strict=True):
        save(figure, str(tmp_path / "figure.svg"))
        save(same, str(tmp_path / "same.svg"))
        assert (tmp_path / "figure.svg").read_bytes() == (tmp_path / "same.svg").read_bytes()


@pytest.mark.parametrize(("n_subjects", "shown"), [(30, 30), (150, 100)])
def test_montage_frames_outliers(mask, n_subjects, shown):
    maps, table, _ = sample(mask, n_subjects)
    figure = draw_montage(maps, mask, table)
    axes = figure.axes[0]
    assert len(axes.images) == shown
    assert sum(isinstance(patch, Rectangle) for patch in axes.patches) == table["outlier"].notna().sum() >= 1
    bold = [text.get_text() for text in axes.texts if text.get_fontweight() == "bold"]
    assert bold == table["participant_id"][table["outlier"].notna()].tolist()
    assert ("100 of 150 maps" in figure.get_suptitle()) == (n_subjects == 150)
    plt.close(figure)


def test_of_many_maps_outliers_come_first_then_those_least_like_the_others():
    correlation = np.random.default_rng(0).uniform(size=300)
    outlier = np.full(300, None)
    outlier[[7, 200]] = "mean"
    rows, _ = chosen(pd.DataFrame({"correlation": correlation, "outlier": outlier}))
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


def test_the_middle_slice_has_the_left_of_the_brain_on_its_left(mask):
    columns, height, aspect = middle_slice(mask)
    inside = columns[columns >= 0]
    places = np.array([mask.coordinates(column) for column in inside])
    assert set(places[:, 2]) == {height}
    assert aspect == 1
    heights = np.array([mask.coordinates(column)[2] for column in range(mask.size)])
    assert max((heights < height).mean(), (heights > height).mean()) <= 0.5
    assert len(inside) == (heights == height).sum()
    row = columns[len(columns) // 2]
    across = [mask.coordinates(column)[0] for column in row[row >= 0]]
    assert across == sorted(across)
    upwards = columns[:, columns.shape[1] // 2]
    along = [mask.coordinates(column)[1] for column in upwards[upwards >= 0]]
    assert along == sorted(along)


@pytest.mark.parametrize("places", [[0.2, 0.21, 0.22, 0.95, 0.99, 1.0], [0.5] * 8, [0, 0, 0.01], [0.3, 0.9], [0.4], []])
def test_labels_are_kept_apart(places):
    spread = apart(np.array(places), 0.05)
    assert (np.diff(spread) >= 0.05 - 1e-12).all()
    assert ((spread >= 0) & (spread <= 0.97)).all()
    if places in ([0.3, 0.9], [0.4]):
        np.testing.assert_allclose(spread, places)
    if places == [0.5] * 8:
        assert spread.mean() == pytest.approx(0.5)


def test_a_design_without_variables_says_so():
    figure = draw_variables(pd.DataFrame({"intercept": np.ones(12)}))
    assert "a mean is tested" in figure.texts[0].get_text()
    plt.close(figure)


def test_variables_are_drawn_as_bars_or_histograms_and_twelve_at_most():
    values = np.random.default_rng(0).normal(size=(50, 15))
    figure = draw_variables(pd.DataFrame(values, columns=[f"v{n}" for n in range(15)]))
    titles = [axes.get_title() for part in figure.subfigs for axes in part.axes if axes.get_title()]
    assert titles == [f"v{n}" for n in range(12)] + ["correlations"]
    assert "12 of 15" in figure.get_suptitle()
    plt.close(figure)
    figure = draw_variables(pd.DataFrame({"group": np.arange(50) % 3}))
    assert [bar.get_height() for bar in figure.axes[0].patches] == [17, 17, 16]
    plt.close(figure)


def test_coverage_is_of_the_whole_brain(mask, tmp_path):
    found = coverage(mask)
    assert found["voxels"] == mask.size
    assert found["volume_ml"] == pytest.approx(mask.size * 0.512)
    assert 0 < found["share_of_brain"] < 1
    lower = Mask(mask.inside & (np.arange(16) < 7), AFFINE)
    upper = Mask(mask.inside & (np.arange(16) >= 7), AFFINE)
    cropped = Mask(upper.inside[:, :, 7:], AFFINE @ np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 7], [0, 0, 0, 1]]))
    parts = [coverage(part)["share_of_brain"] for part in (lower, upper)]
    assert sum(parts) == pytest.approx(found["share_of_brain"])
    assert coverage(cropped)["share_of_brain"] == pytest.approx(parts[1])
    far = coverage(Mask(mask.inside, AFFINE + np.array([[0, 0, 0, 500]] + [[0] * 4] * 3)))
    assert (far["share_of_brain"], far["share_outside_brain"]) == (0, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        save(draw_coverage(mask, found, "blue"), str(tmp_path / "first.svg"))
        save(draw_coverage(mask, found, "blue"), str(tmp_path / "second.svg"))
    assert (tmp_path / "first.svg").read_bytes() == (tmp_path / "second.svg").read_bytes()
