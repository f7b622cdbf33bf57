import numpy as np
import pytest
from matplotlib.patches import Rectangle

from drawn import is_drawn_the_same
from meshed import hemispheres
from secondlevel.figures.cells import scale_of_maps
from secondlevel.figures.mesh_sample import draw_mesh_coverage, draw_mesh_montage, draw_mesh_spread, outside_view
from secondlevel.figures.meshes import painted
from secondlevel.figures.style import BLUE


def sample(n_subjects, size, shift=0.0):
    """Maps of all but the first ten vertices, the columns of these, and a table in which the last map stands apart."""
    rng = np.random.default_rng(n_subjects)
    maps = rng.normal(shift, 0.2, (n_subjects, size - 10)).astype(np.float32)
    table = {
        "participant_id": np.array([f"sub-{number:03}" for number in range(n_subjects)]),
        "correlation": rng.uniform(size=n_subjects),
        "outlier": np.array([""] * (n_subjects - 1) + ["mean"]),
    }
    return maps, np.maximum(np.arange(size) - 10, -1), table


@pytest.mark.parametrize("names", [["left"], ["left", "right"], ["a", "b"]])
def test_meshes_lie_beside_each_other_as_readers_look_at_them(names):
    meshes = hemispheres(200, names)
    view = outside_view(meshes, 1.7)
    first, across = 0, []
    for mesh in meshes:
        own = (view.vertex >= first) & (view.vertex < first + 200)
        across.append(np.flatnonzero(own.any(axis=0))[[0, -1]])
        first += len(mesh.vertices)
    assert (np.diff(np.ravel(across)) > 0).all()
    assert ("above" in view.title) == (names[0] == "a")
    assert view.vertex.shape == view.light.shape == view.depth.shape


@pytest.mark.parametrize(("n_subjects", "shown"), [(1, 1), (12, 12), (130, 100)])
def test_every_map_is_shown_and_outliers_are_framed(n_subjects, shown):
    meshes = hemispheres(100)
    maps, columns, table = sample(n_subjects, 200)
    figure = draw_mesh_montage(maps, columns, meshes, table)
    axes = figure.axes[0]
    assert len(axes.images) == shown
    assert sum(isinstance(patch, Rectangle) for patch in axes.patches) == 1
    assert ("100 of 130 maps" in figure.get_suptitle()) == (n_subjects == 130)
    if n_subjects == 12:
        view, on_meshes = outside_view(meshes, 1.7), np.full((12, 200), np.nan)
        on_meshes[:, columns >= 0] = maps[:, columns[columns >= 0]]
        scale = scale_of_maps(np.array([view.values(values) for values in on_meshes]))
        for image, values in zip(axes.images, on_meshes, strict=True):
            np.testing.assert_allclose(image.get_array(), painted(view, values, scale))
        boxes = [axes.transData.transform(np.reshape(image.get_extent(), (2, 2)).T) for image in axes.images]
        assert len({tuple(np.round(box.ravel())) for box in boxes}) == 12


def test_values_without_a_sign_have_a_scale_of_their_own():
    thick = scale_of_maps(np.array([np.nan, *np.linspace(2, 3, 101)]))
    assert thick.cmap == "viridis"
    assert (thick.low, thick.high) == pytest.approx((2.01, 2.99))
    both = scale_of_maps(np.linspace(-1, 3, 401))
    assert both.low == -both.high
    assert 2.9 < both.high < 3
    for flat in (0.0, 2.5):
        assert (scale := scale_of_maps(np.full(5, flat))).low < scale.high


def test_coverage_counts_what_is_left_out():
    meshes, inside = hemispheres(100), np.arange(200) >= 23
    figure = draw_mesh_coverage(inside, meshes, BLUE)
    assert figure.get_suptitle() == "Analysed: 177 of 200 vertices, in colour; 23 vertices left out, in grey"
    images = [axes.images[0].get_array() for axes in figure.axes]
    assert len(images) == 4
    colourful = [(np.ptp(image, axis=2) > 0.2).sum() for image in images]
    assert min(colourful) > 1000
    figure = draw_mesh_coverage(np.ones(200, dtype=bool), meshes, BLUE)
    assert figure.get_suptitle().endswith("; none left out")


def test_spread_ends_its_colours_at_the_few_largest_and_draws_0():
    sd = np.append(np.full(199, 1.0), 50)
    sd[0], sd[1] = np.nan, 0
    figure = draw_mesh_spread(sd, hemispheres(100))
    bar = figure.axes[-1]
    assert bar.get_ylim() == pytest.approx((0, 1))


def test_pictures_of_the_sample_are_drawn_without_warnings_and_equal_ones_make_equal_files(tmp_path):
    meshes, (maps, columns, table) = hemispheres(100), sample(11, 200, shift=3)
    assert is_drawn_the_same(lambda: draw_mesh_montage(maps, columns, meshes, table), tmp_path)
    assert is_drawn_the_same(lambda: draw_mesh_coverage(columns >= 0, meshes, BLUE), tmp_path)
    assert is_drawn_the_same(lambda: draw_mesh_spread(np.where(columns >= 0, 1.5, np.nan), meshes), tmp_path)
