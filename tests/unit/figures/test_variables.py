from xml.etree import ElementTree

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from drawn import SIZES, is_drawn_the_same, sample
from secondlevel.figures.design import draw_design
from secondlevel.figures.style import save
from secondlevel.figures.variables import draw_variables


@pytest.mark.parametrize("n_subjects", SIZES)
def test_the_design_is_drawn_without_warnings_and_equal_ones_make_equal_files(n_subjects, tmp_path):
    _, _, design = sample(n_subjects)
    assert is_drawn_the_same(lambda: draw_variables(design), tmp_path)


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


def test_names_that_look_like_code_are_drawn_as_text(tmp_path):
    names = ["<script>alert(1)</script>", "a`` `link <javascript:alert(1)>`_ ``b"]
    figure = draw_variables(pd.DataFrame(np.random.default_rng(0).normal(size=(30, 2)), columns=names))
    titles = [axes.get_title() for part in figure.subfigs for axes in part.axes if axes.get_title()]
    assert titles == [*names, "correlations"]
    save(figure, str(tmp_path / "variables.svg"))
    assert not [e for e in ElementTree.parse(tmp_path / "variables.svg").iter() if e.tag.endswith("script")]


@pytest.mark.parametrize(
    ("n_people", "title", "label"), [(None, "12 subjects", "subjects"), (4, "12 maps of 4 people", "maps")]
)
def test_maps_of_one_person_are_not_called_subjects(n_people, title, label):
    design = pd.DataFrame({"age": np.arange(12.0)})
    figure = draw_variables(design, n_people)
    assert figure.get_suptitle() == f"Variables of the design, {title}"
    assert figure.axes[0].get_ylabel() == label
    picture = draw_design(design, {"contrast": np.array(["age"]), "age": np.array(["1"])}, n_people)
    assert picture.axes[0].get_ylabel() == title
    plt.close(figure)
    plt.close(picture)
