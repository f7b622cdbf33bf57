import numpy as np

from drawn import MASK, is_drawn_the_same
from secondlevel.figures.spread import draw_spread

SD = np.random.default_rng(0).uniform(1, 3, MASK.size)


def test_the_spread_is_drawn_without_warnings_and_equal_ones_make_equal_files(tmp_path):
    assert is_drawn_the_same(lambda: draw_spread(SD, MASK), tmp_path)


def test_every_voxel_of_the_mask_is_drawn_and_one_extreme_value_does_not_darken_the_others():
    sd = SD.copy()
    sd[[5, 40]] = 1000, 0
    figure = draw_spread(sd, MASK)
    for axes in figure.axes[:7]:
        brain, image = axes.images
        assert image.get_clim()[0] == 0
        assert 2.5 < image.get_clim()[1] < 3.5
    volume = MASK.volume(np.ones(MASK.size))
    areas = sum((~np.ma.getmaskarray(axes.images[1].get_array())).sum() for axes in figure.axes[:7])
    heights = [round(float(axes.texts[0].get_text().split("=")[1])) for axes in figure.axes[:7]]
    expected = sum(volume[:, :, round((height + 48) / 8)].sum() * 64 for height in heights)
    assert areas == expected  # of voxels of 8 mm
