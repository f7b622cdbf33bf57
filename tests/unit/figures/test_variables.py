from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from drawn import SIZES, is_drawn_the_same, sample
from secondlevel.figures.design import draw_design
from secondlevel.figures.style import save
from secondlevel.figures.variables import draw_variables


def numbers(design):
    """The variables of a design whose columns are its variables."""
    return {name: design[name].to_numpy() for name in design if name != "intercept"}


@pytest.mark.parametrize("n_subjects", SIZES)
def test_the_design_is_drawn_without_warnings_and_equal_ones_make_equal_files(n_subjects, tmp_path):
    _, _, design = sample(n_subjects)
    assert is_drawn_the_same(lambda: draw_variables(numbers(design), design), tmp_path)


def test_a_design_without_variables_says_so():
    figure = draw_variables({}, pd.DataFrame({"intercept": np.ones(12)}))
    assert "a mean is tested" in figure.texts[0].get_text()


def test_variables_are_drawn_as_bars_or_histograms_and_twelve_at_most():
    values = np.random.default_rng(0).normal(size=(50, 15))
    design = pd.DataFrame(values, columns=[f"v{n}" for n in range(15)])
    figure = draw_variables(numbers(design), design)
    titles = [axes.get_title() for part in figure.subfigs for axes in part.axes if axes.get_title()]
    assert titles == [f"v{n}" for n in range(12)] + ["correlations"]
    assert "12 of 15" in figure.get_suptitle()
    design = pd.DataFrame({"group": np.arange(50) % 3})
    figure = draw_variables(numbers(design), design)
    assert [bar.get_height() for bar in figure.axes[0].patches] == [17, 17, 16]


def test_names_that_look_like_code_are_drawn_as_text(tmp_path):
    names = ["<script>alert(1)</script>", "a`` `link <javascript:alert(1)>`_ ``b"]
    design = pd.DataFrame(np.random.default_rng(0).normal(size=(30, 2)), columns=names)
    figure = draw_variables(numbers(design), design)
    titles = [axes.get_title() for part in figure.subfigs for axes in part.axes if axes.get_title()]
    assert titles == [*names, "correlations"]
    save(figure, str(tmp_path / "variables.svg"))
    assert not [e for e in ElementTree.parse(tmp_path / "variables.svg").iter() if e.tag.endswith("script")]


@pytest.mark.parametrize(
    ("n_people", "title", "label"), [(None, "12 subjects", "subjects"), (4, "12 maps of 4 people", "maps")]
)
def test_maps_of_one_person_are_not_called_subjects(n_people, title, label):
    design = pd.DataFrame({"age": np.arange(12.0)})
    figure = draw_variables(numbers(design), design, n_people)
    assert figure.get_suptitle() == f"Variables of the design, {title}"
    assert figure.axes[0].get_ylabel() == label
    picture = draw_design(design, {"contrast": np.array(["age"]), "age": np.array(["1"])}, n_people)
    assert picture.axes[0].get_ylabel() == title


def test_numbers_are_drawn_as_the_table_has_them_by_group_and_labels_as_bars():
    age, group = np.linspace(20, 69, 50), np.array(["control", "patient"])[np.arange(50) % 2]
    design = pd.DataFrame({"age": age - age.mean(), "group[patient]": np.arange(50.0) % 2})
    inside = {name: group == name for name in ("control", "patient")}
    figure = draw_variables({"age": age, "group": group}, design, None, inside)
    of_age, of_group, of_columns = [axes for part in figure.subfigs for axes in part.axes]
    heights = [[bar.get_height() for bar in bars] for bars in of_age.containers]
    assert [sum(of) for of in heights] == [25, 25]
    assert of_age.containers[0][0].get_x() == pytest.approx(19.5)  # bars of whole numbers
    assert [text.get_text() for text in of_age.get_legend().get_texts()] == ["control", "patient"]
    assert [label.get_text() for label in of_group.get_xticklabels()] == ["control", "patient"]
    assert [bar.get_height() for bar in of_group.patches] == [25, 25]
    assert [label.get_text() for label in of_columns.get_xticklabels()] == ["age", "group[patient]"]
