import matplotlib.pyplot as plt
import numpy as np
import pytest

from drawn import AFFINE, MASK
from secondlevel.figures.contrast import cut_point, logp_figure, z_figures


@pytest.mark.parametrize(("two_sided", "voxel"), [(False, 7), (True, 40)])
def test_slices_go_through_the_largest_statistic_or_the_point_asked_for(two_sided, voxel):
    statistic = np.zeros(MASK.size)
    statistic[[7, 40]] = 3, -5
    assert cut_point("peak", statistic, MASK, two_sided) == MASK.coordinates(voxel)
    assert cut_point([1, 2, 3], statistic, MASK, two_sided) == [1, 2, 3]


@pytest.mark.parametrize("two_sided", [False, True])
def test_titles_tell_what_passes(two_sided):
    z = MASK.volume(np.linspace(-4, 5, MASK.size))
    some = {"fdr": {"threshold": 3.25, "alpha": 0.05, "voxels_above": 12}, "bonferroni": {"threshold": 4.5}}
    none = some | {"fdr": {"threshold": None, "alpha": 0.05, "voxels_above": 0}}
    name = "|z|" if two_sided else "z"
    figures = [z_figures("age", z, AFFINE, [0, 0, 0], two_sided, entries) for entries in (some, none)]
    titles = [{key: figure.get_suptitle() for key, figure in of_entries.items()} for of_entries in figures]
    passing = f"age: {name} > 3.25, 12 voxels (FDR 0.05)"
    assert titles[0] == {"z": passing, "glass": passing, "highlight": "age: z, outlined where it passes FDR 0.05"}
    nothing = f"age: {name} (FDR 0.05)\nno voxel passes"
    highlight = "age: z, outlined where it passes FDR 0.05 (nowhere)"
    assert titles[1] == {"z": nothing, "glass": nothing, "highlight": highlight}
    for figure in [*figures[0].values(), *figures[1].values()]:
        plt.close(figure)


def test_a_p_map_is_titled_by_its_correction():
    for height, more in ((3.0, ""), (0.5, "\nno voxel above 1")):
        figure = logp_figure("age", "maxMass", MASK.volume(np.full(MASK.size, height)), AFFINE, [0, 0, 0], 1)
        assert figure.get_suptitle() == f"age: -log10 p, permutation, cluster mass, family-wise{more}"
        plt.close(figure)


def test_one_voxel_at_its_threshold_is_drawn_and_told_as_one():
    """As the false discovery rate leaves it: the threshold is a hair below the voxel, in 64 bits."""
    z = np.zeros(MASK.size)
    z[40] = np.float32(4.2)
    entries = {"fdr": {"threshold": z[40] - 1e-12, "alpha": 0.05, "voxels_above": 1}, "bonferroni": {"threshold": 4.5}}
    figures = z_figures("age", MASK.volume(z.astype(np.float32)), AFFINE, MASK.coordinates(40), False, entries)
    assert figures["z"].get_suptitle() == "age: z > 4.20, 1 voxel (FDR 0.05)"
    assert figures["glass"].get_suptitle() == "age: z > 4.20, 1 voxel (FDR 0.05)"
    drawn = [image.get_array() for axes in figures["z"].axes for image in axes.images]
    assert any(np.ma.is_masked(image) and image.count() > 0 and np.isclose(image.max(), 4.2) for image in drawn)
    for figure in figures.values():
        plt.close(figure)
