import numpy as np

from drawn import MASK, is_drawn_the_same
from secondlevel.figures.brains import draw_coverage, passing
from secondlevel.sample.coverage import coverage


def test_coverage_is_drawn_without_warnings_and_equal_ones_make_equal_files(tmp_path):
    found = coverage(MASK)
    assert is_drawn_the_same(lambda: draw_coverage(MASK, found, "blue"), tmp_path)


def test_what_does_not_pass_is_not_shown():
    values = np.array([-3.0, -1, 0, 1, 3])
    assert passing(values, 2, False).tolist() == [0, 0, 0, 0, 3]
    assert passing(values, 2, True).tolist() == [-3, 0, 0, 0, 3]
    assert passing(values, None, True).tolist() == [0] * 5
