from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from drawn import SIZES, is_drawn_the_same, sample
from secondlevel.figures.quality import COLOURS, apart, draw_quality, grouping
from secondlevel.figures.style import save


@pytest.mark.parametrize("n_subjects", SIZES)
def test_quality_is_drawn_without_warnings_and_equal_ones_make_equal_files(n_subjects, tmp_path):
    _, table, _ = sample(n_subjects)
    assert is_drawn_the_same(lambda: draw_quality(table), tmp_path)


def test_outliers_are_named_in_every_panel():
    _, table, _ = sample(30)
    figure = draw_quality(table)
    outliers = table["participant_id"][table["outlier"] != ""].tolist()
    assert 1 <= len(outliers) < 8
    assert len(figure.axes) == 4
    for axes in figure.axes:
        assert sorted(text.get_text() for text in axes.texts) == sorted(outliers)
    assert figure.get_suptitle() == f"Analysed maps: 30, outliers: {len(outliers)}"


@pytest.mark.parametrize("places", [[0.2, 0.21, 0.22, 0.95, 0.99, 1.0], [0.5] * 8, [0, 0, 0.01], [0.3, 0.9], [0.4], []])
def test_labels_are_kept_apart(places):
    spread = apart(np.array(places), 0.05)
    assert (np.diff(spread) >= 0.05 - 1e-12).all()
    assert ((spread >= 0) & (spread <= 0.97)).all()
    if places in ([0.3, 0.9], [0.4]):
        np.testing.assert_allclose(spread, places)
    if places == [0.5] * 8:
        assert spread.mean() == pytest.approx(0.5)


SAMPLE = {
    "participant_id": np.array([f"s{n}" for n in range(30)]),
    "person": np.array([f"p{n // 2}" for n in range(30)]),
    "group": np.array(["patient", "control", "relative"] * 10),
    "site": np.array(["Ulm"] * 30),
}


@pytest.mark.parametrize(
    ("factors", "name"), [(["person", "group"], "group"), (["site", "person"], ""), ([], ""), (["group"], "group")]
)
def test_groups_are_those_of_the_first_factor_that_colours_can_tell(factors, name):
    found, levels = grouping(SAMPLE, factors)
    assert found == name
    assert levels.tolist() == (SAMPLE[name].tolist() if name else [""] * 30)


def test_dots_have_the_colour_of_their_group_and_outliers_a_ring():
    _, table, _ = sample(30)
    figure = draw_quality(table, "group", SAMPLE["group"])
    levels = sorted(set(SAMPLE["group"]))
    for axes in figure.axes:
        dots, rings = axes.collections[:2]
        shown = [tuple(colour[:3]) for colour in dots.get_facecolors()]
        assert shown == [to_rgb(COLOURS[levels.index(level)]) for level in SAMPLE["group"]]
        outliers = table["outlier"] != ""
        np.testing.assert_array_equal(rings.get_offsets(), dots.get_offsets()[outliers])
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == levels
    assert legend.get_title().get_text() == "group"
    figure.draw_without_rendering()
    top = legend.get_window_extent().y1
    assert all(top <= axes.get_window_extent().y0 + 1 for axes in figure.axes)


def test_dots_are_named_in_svg_whatever_the_names_are(tmp_path):
    _, table, _ = sample(30)
    names = table["participant_id"].tolist()
    names[3] = """<script>alert("1")</script> & 'x' -->"""
    table["participant_id"] = np.array(names)
    save(draw_quality(table), str(tmp_path / "quality.svg"))
    tree = ElementTree.parse(tmp_path / "quality.svg")
    found = [element.text for element in tree.iter("{http://www.w3.org/2000/svg}title")]
    assert found == names * 4
    assert not [e for e in tree.iter() if e.tag.endswith(("}script", "}a"))]
