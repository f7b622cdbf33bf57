import numpy as np
import pytest
from matplotlib import colormaps

from drawn import is_drawn_the_same
from meshed import hemispheres
from secondlevel.figures.colours import Scale, scale_of
from secondlevel.figures.mesh_views import look
from secondlevel.figures.meshes import coarser, draw_meshes, grey, looks, painted
from secondlevel.figures.shown import Shown

SCALE = Scale("z", "RdBu_r", -5, 5)


def draw(meshes, n_maps=1, **more):
    size = sum(len(mesh.vertices) for mesh in meshes)
    values = np.linspace(-5, 5, size) * np.ones((n_maps, 1))
    return draw_meshes(Shown(list(values), SCALE, "title", **more), meshes)


@pytest.mark.parametrize(
    ("names", "views"),
    [
        (["left"], ["left lateral", "left medial"]),
        (["left", "right"], ["left lateral", "left medial", "right medial", "right lateral"]),
        (["a", "b"], [f"{name}, from {side}" for name in "ab" for side in ("the left", "above", "the right")]),
    ],
)
def test_meshes_are_drawn_from_their_sides_on_one_scale(names, views):
    figure = draw(hemispheres(names=names))
    *panels, bar = figure.axes
    assert [axes.get_title() for axes in panels] == views
    assert bar.get_title(loc="left") == "z"
    # A mm is as long in each: widths and heights of views are those of the meshes.
    boxes = np.array([axes.get_window_extent().size for axes in panels])
    mm = np.array([np.array(axes.images[0].get_array().shape[1::-1]) for axes in panels])
    np.testing.assert_allclose(boxes / mm, (boxes / mm)[0, 0], rtol=0.02)
    extents = [axes.get_window_extent() for axes in panels]
    assert all(box.x0 >= 0 and box.x1 <= bar.get_window_extent().x0 for box in extents)


def test_values_are_coloured_by_the_scale_and_what_is_0_or_unknown_is_grey():
    (mesh,) = hemispheres(400, ["left"])
    view = look(mesh, "title", "left", 4)
    values = np.where(np.arange(400) % 2, 3.0, 0)
    values[::10] = np.nan
    image = painted(view, values, SCALE)
    bare = coarser(np.repeat(grey(view)[..., None], 3, axis=2))
    # Of the small squares, those of one vertex.
    high, wide = (n // 2 * 2 for n in view.vertex.shape)
    squares = view.vertex[:high, :wide].reshape(high // 2, 2, wide // 2, 2).transpose(0, 2, 1, 3).reshape(-1, 4)
    same = (squares == squares[:, :1]).all(axis=1)
    vertex, seen = squares[same, 0], image[: high // 2, : wide // 2].reshape(-1, 3)[same]
    plain = bare[: high // 2, : wide // 2].reshape(-1, 3)[same]
    coloured = (vertex >= 0) & (np.nan_to_num(values)[vertex] != 0)
    assert 500 < coloured.sum() < len(same)
    np.testing.assert_allclose(seen[~coloured], plain[~coloured])
    expected = np.array(colormaps["RdBu_r"](0.8)[:3])
    brightness = seen[coloured] / expected
    np.testing.assert_allclose(brightness, brightness[:, :1] * np.ones(3))  # the hue of the bar
    assert 0.8 <= brightness.min() <= brightness.max() <= 1 + 1e-9
    assert (plain[vertex == -1] == 1).all()
    half = painted(view, values, SCALE, opaque=np.full(400, 0.5))[: high // 2, : wide // 2].reshape(-1, 3)[same]
    np.testing.assert_allclose(half, (seen + plain) / 2)


def test_the_deep_is_darker():
    (mesh,) = hemispheres(400, ["left"])
    view = look(mesh, "title", "left", 2)
    inside = view.vertex >= 0
    deep, high = inside & (view.depth > 0.9), inside & (view.depth < 0.1)
    assert grey(view)[deep].mean() < grey(view)[high].mean() - 0.1
    assert (grey(view)[~inside] == 1).all()


def test_what_passes_is_outlined():
    meshes = hemispheres()
    passes = np.zeros(600, dtype=bool)
    seen = looks(tuple(meshes))[0][0].vertex
    passes[seen[seen.shape[0] // 2, seen.shape[1] // 2]] = True  # of the left, in the middle of its outside
    figure = draw(meshes, passes=[passes])
    assert [len(axes.collections) for axes in figure.axes[:4]] == [1, 0, 0, 0]
    (x0, y0), (x1, y1) = figure.axes[0].collections[0].get_paths()[0].get_extents().get_points()
    rows, columns = np.nonzero(passes[seen] & (seen >= 0))
    np.testing.assert_allclose([x0, x1, y0, y1], [columns.min(), columns.max() + 1, rows.min(), rows.max() + 1])


def test_several_maps_have_titles_and_share_their_views():
    meshes = hemispheres()
    figure = draw(meshes, n_maps=2, titles=["first", "second"])
    assert len(figure.axes) == 9
    assert [text.get_text() for text in figure.texts if text is not figure._suptitle] == ["first", "second"]
    np.testing.assert_array_equal(figure.axes[0].images[0].get_array(), figure.axes[4].images[0].get_array())
    assert looks(tuple(meshes)) is looks(tuple(meshes))


def test_nothing_to_show_is_drawn_without_a_bar():
    meshes = hemispheres()
    values = np.zeros(600)
    figure = draw_meshes(Shown([values], scale_of("z", values, True), "title", passes=[values > 0]), meshes)
    assert len(figure.axes) == 4


@pytest.mark.parametrize("depth", [True, False])
def test_meshes_are_drawn_without_warnings_and_equal_ones_make_equal_files(depth, tmp_path):
    meshes = hemispheres(depth=depth)
    passes = np.arange(600) % 3 == 0
    again = lambda: draw(meshes, 2, titles=["a", "b"], passes=[passes] * 2, opaque=[passes * 0.5] * 2)  # noqa: E731
    assert is_drawn_the_same(again, tmp_path)
    assert (tmp_path / "first.svg").stat().st_size < 1e6


def test_what_cannot_be_drawn_says_so(caplog):
    figure = draw([*hemispheres(names=["left"])[:0]])
    assert "could not be drawn" in figure.texts[0].get_text()
