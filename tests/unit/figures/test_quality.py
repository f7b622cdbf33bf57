import matplotlib.pyplot as plt
import numpy as np
import pytest

from drawn import SIZES, is_drawn_the_same, sample
from secondlevel.figures.quality import apart, draw_quality


@pytest.mark.parametrize("n_subjects", SIZES)
def test_quality_is_drawn_without_warnings_and_equal_ones_make_equal_files(n_subjects, tmp_path):
    _, table, _ = sample(n_subjects)
    assert is_drawn_the_same(lambda: draw_quality(table), tmp_path)


def test_outliers_are_named_in_every_panel():
    _, table, _ = sample(30)
    figure = draw_quality(table)
    outliers = table["participant_id"][table["outlier"].notna()].tolist()
    assert 1 <= len(outliers) < 8
    assert len(figure.axes) == 4
    for axes in figure.axes:
        assert sorted(text.get_text() for text in axes.texts) == sorted(outliers)
    assert figure.get_suptitle() == f"Analysed maps: 30, outliers: {len(outliers)}"
    plt.close(figure)


@pytest.mark.parametrize("places", [[0.2, 0.21, 0.22, 0.95, 0.99, 1.0], [0.5] * 8, [0, 0, 0.01], [0.3, 0.9], [0.4], []])
def test_labels_are_kept_apart(places):
    spread = apart(np.array(places), 0.05)
    assert (np.diff(spread) >= 0.05 - 1e-12).all()
    assert ((spread >= 0) & (spread <= 0.97)).all()
    if places in ([0.3, 0.9], [0.4]):
        np.testing.assert_allclose(spread, places)
    if places == [0.5] * 8:
        assert spread.mean() == pytest.approx(0.5)
