from drawn import MASK, is_drawn_the_same
from secondlevel.figures.coverage import draw_coverage
from secondlevel.sample.coverage import coverage


def test_coverage_is_drawn_without_warnings_and_equal_ones_make_equal_files(tmp_path):
    found = coverage(MASK)
    assert is_drawn_the_same(lambda: draw_coverage(MASK, found, "blue"), tmp_path)
