import numpy as np
import pytest

from drawn import SIZES, is_drawn_the_same, sample
from secondlevel.figures.design import draw_design

CONTRASTS = {
    "contrast": np.array(["ageing", "any", "any"]),
    "group": np.array(["0", "1", "0"]),
    "age": np.array(["-1.0", "0", "0.3333333333"]),
    "intercept": np.array(["0", "0", "0"]),
}


@pytest.mark.parametrize("n_subjects", SIZES)
def test_a_design_is_drawn_without_warnings_and_equal_ones_make_equal_files(n_subjects, tmp_path):
    _, _, design = sample(n_subjects)
    assert is_drawn_the_same(lambda: draw_design(design, CONTRASTS), tmp_path)


def test_the_weights_of_each_contrast_stand_below_its_columns():
    _, _, design = sample(30)
    figure = draw_design(design, CONTRASTS)
    above, below = figure.axes
    figure.draw_without_rendering()
    assert [label.get_text() for label in below.get_yticklabels()] == ["ageing", "any", "any"]
    texts = {text.get_position(): text.get_text() for text in below.texts}
    assert [[texts[column, row] for column in range(3)] for row in range(3)] == [
        ["0", "-1", "0"], ["1", "0", "0"], ["0", "0.3333", "0"],
    ]  # fmt: skip
    for column in range(3):  # one above the other
        upper, lower = (axes.transData.transform((column, 0))[0] for axes in (above, below))
        assert upper == pytest.approx(lower, abs=1)


def test_of_many_contrasts_thirty_are_drawn():
    _, _, design = sample(30)
    many = {name: np.repeat(cells[:1], 45) for name, cells in CONTRASTS.items()}
    figure = draw_design(design, many)
    assert figure.axes[1].get_title() == "Weights of the contrasts, 30 of 45"
    assert len(figure.axes[1].texts) == 3 * 30
