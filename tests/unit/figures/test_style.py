"""A figure never ends a run: one that cannot be drawn says so."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from secondlevel.figures.brains import draw_maps, draw_mosaic
from secondlevel.figures.colours import scale_of
from secondlevel.figures.glass import draw_glass
from secondlevel.figures.slices import points
from secondlevel.figures.spread import draw_spread
from secondlevel.figures.style import DPI, drawable, save
from secondlevel.space.kinds.volume import Mask


def texts(figure):
    return " ".join(text.get_text() for text in figure.texts)


@drawable
def fails(kind):
    raise kind("no\nreason")


@pytest.mark.parametrize("kind", [ValueError, TypeError, IndexError, MemoryError, AssertionError])
def test_a_figure_that_cannot_be_drawn_says_why(kind, tmp_path, caplog):
    figure = fails(kind)
    assert f"could not be drawn, and no result depends on it:\n{kind.__name__}: no reason" in texts(figure)
    save(figure, str(tmp_path / "a.png"), str(tmp_path / "a.svg"))
    assert (tmp_path / "a.png").stat().st_size > 1000
    assert caplog.messages == [f"a figure could not be drawn ({kind.__name__}: no reason)"]


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_a_figure_is_the_same_bytes_whenever_it_is_drawn(form, tmp_path, monkeypatch):
    for time, name in (("1", "first"), ("2", "second")):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", time)
        figure = Figure()
        axes = figure.subplots()
        axes.plot([1, 3, 2], label="$x")
        axes.legend()
        save(figure, str(tmp_path / f"{name}.{form}"))
    assert (tmp_path / f"first.{form}").read_bytes() == (tmp_path / f"second.{form}").read_bytes()


def test_what_fails_when_it_is_written_says_so_too(tmp_path):
    figure = Figure()
    figure.text(0, 0, "x", fontsize=1e9)
    save(figure, str(tmp_path / "a.png"))
    assert (tmp_path / "a.png").stat().st_size > 1000


def test_a_disk_that_is_full_is_no_matter_of_drawing(tmp_path):
    (tmp_path / "a.png").mkdir()
    with pytest.raises(OSError, match="a.png"):
        save(Figure(), str(tmp_path / "a.png"))


# Shapes, the size of a voxel and where the first one is, in mm.
GRIDS = {"slice": ((9, 8, 1), 3, -10), "voxel": ((1, 1, 1), 3, 0), "mouse": ((9, 8, 7), 0.2, -1)}
GRIDS |= {"far": ((9, 8, 7), 3, 5000)}


@pytest.mark.parametrize("name", GRIDS)
def test_maps_that_are_thin_tiny_or_far_away_end_in_a_figure_of_some_kind(name, tmp_path):
    shape, size, origin = GRIDS[name]
    affine = np.diag([size, size, size, 1.0])
    affine[:3, 3] = origin
    volume = np.random.default_rng(0).normal(size=shape)
    at, scale = affine[:3, 3].tolist(), scale_of("t", volume, True)
    figures = [
        draw_maps([volume], affine, points(at), scale, "t"),
        draw_glass(volume, affine, scale, "t"),
        draw_mosaic(volume, affine, at[2], 3.0, volume > 1, scale, "t"),
        draw_spread(np.abs(volume).ravel(), Mask(np.ones(shape, dtype=bool), affine)),
    ]
    for number, figure in enumerate(figures):
        save(figure, str(tmp_path / f"{number}.png"))
    assert len(list(tmp_path.glob("*.png"))) == 4
    why = {"far": "the maps and the standard brain lie ", "mouse": None}.get(name, "")
    told = [texts(figure) for figure in figures]
    assert not why or all(why in text for text in told), told
    assert why is not None or not any("could not be drawn" in text for text in told), told


def test_margins_are_found_once_and_are_those_of_all_formats(tmp_path, monkeypatch):
    found, execute = [], ConstrainedLayoutEngine.execute
    monkeypatch.setattr(
        ConstrainedLayoutEngine, "execute", lambda engine, figure: found.append(figure.dpi) or execute(engine, figure)
    )
    figure = Figure(layout="constrained", figsize=(3, 2))
    axes = figure.add_subplot(ylabel="a long label\nof two lines")
    before = axes.get_position().bounds
    save(figure, *(str(tmp_path / f"figure.{ending}") for ending in ("png", "svg", "pdf")))
    assert found == [DPI]
    assert axes.get_position().bounds != before
