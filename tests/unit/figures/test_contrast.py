import numpy as np
import pytest

from drawn import AFFINE, INSIDE, MASK
from secondlevel.figures.contrast import cut_point, logp_figure, z_figures


@pytest.mark.parametrize(("two_sided", "voxel"), [(False, 7), (True, 40)])
def test_slices_go_through_the_largest_statistic_or_the_point_asked_for(two_sided, voxel):
    statistic = np.zeros(MASK.size)
    statistic[[7, 40]] = 3, -5
    assert cut_point("peak", statistic, MASK, two_sided) == MASK.coordinates(voxel)
    assert cut_point([1, 2, 3], statistic, MASK, two_sided) == [1, 2, 3]


@pytest.mark.parametrize("two_sided", [False, True])
def test_titles_tell_what_passes(two_sided):
    values = np.linspace(-4, 5, MASK.size)
    z, n = MASK.volume(values), sum(values > 3.25) + (sum(values < -3.25) if two_sided else 0)
    some = {"fdr": {"threshold": 3.25, "alpha": 0.05}, "bonferroni": {"threshold": 4.5}}
    none = some | {"fdr": {"threshold": None, "alpha": 0.05}}
    name = "|z|" if two_sided else "z"
    figures = [z_figures("age", z, AFFINE, [0, 0, 0], two_sided, entries) for entries in (some, none)]
    titles = [{key: figure.get_suptitle() for key, figure in of_entries.items()} for of_entries in figures]
    passing = f"age: {name} > 3.25, {n} voxels (FDR 0.05)"
    assert titles[0] == {"z": passing, "glass": passing, "highlight": "age: z, outlined where it passes FDR 0.05"}
    nothing = f"age: {name} (FDR 0.05): no voxel passes"
    highlight = "age: z, outlined where it passes FDR 0.05 (nowhere)"
    assert titles[1] == {"z": nothing, "glass": nothing, "highlight": highlight}


def test_a_p_map_is_titled_by_its_correction():
    for height, more in ((3.0, ""), (0.5, ": no voxel above 1")):
        volumes = {"maxMass": MASK.volume(np.full(MASK.size, height))}
        figure = logp_figure("age", volumes, AFFINE, [0, 0, 0], 1, 0.05)
        title = f"age: -log10 p, permutation, cluster mass, family-wise{more} (line: p = 0.05)"
        assert figure.get_suptitle() == title


def test_p_maps_of_several_corrections_have_a_row_each():
    volumes = {"maxExtent": MASK.volume(np.full(MASK.size, 2.0)), "maxTFCE": np.zeros(INSIDE.shape)}
    figure = logp_figure("age", volumes, AFFINE, [0, 0, 8], 1, 0.01)
    assert figure.get_suptitle() == "age: -log10 p, outlined where p is at most 0.01"
    rows = [text.get_text() for text in figure.texts if "permutation" in text.get_text()]
    assert rows == ["permutation, cluster extent, family-wise", "permutation, TFCE, family-wise: no voxel above 1"]
    assert len(figure.axes) == 3 + 3 + 1
    assert figure.axes[-1].lines[0].get_ydata()[0] == pytest.approx(2)


@pytest.mark.parametrize("alpha", [0.05, 0.01])
def test_the_line_goes_around_p_of_at_most_the_error_rate(alpha):
    """A p map in 32 bits, on the left of the brain at the error rate itself and on its right just above it."""
    at = (MASK.places(np.arange(MASK.size))[:, 0] < 0).astype(bool)
    logp = np.where(at, -np.log10(alpha), -np.log10(alpha * 1.02)).astype(np.float32)
    figure = logp_figure("age", {"maxT": MASK.volume(logp)}, AFFINE, [-24, 8, 8], 1, alpha)
    for axes in figure.axes[1:3]:
        (line,) = axes.collections
        across = np.concatenate([path.vertices for path in line.get_paths()])[:, 0]
        assert across.max() == pytest.approx(-4, abs=1)
        assert across.min() < -40


def test_one_voxel_at_its_threshold_is_drawn_and_told_as_one():
    """As the false discovery rate leaves it: the threshold is a hair below the voxel, in 64 bits."""
    z = np.zeros(MASK.size)
    z[40] = np.float32(4.2)
    entries = {"fdr": {"threshold": z[40] - 1e-12, "alpha": 0.05, "voxels_above": 1}, "bonferroni": {"threshold": 4.5}}
    figures = z_figures("age", MASK.volume(z.astype(np.float32)), AFFINE, MASK.coordinates(40), False, entries)
    assert figures["z"].get_suptitle() == "age: z > 4.20, 1 voxel (FDR 0.05)"
    assert figures["glass"].get_suptitle() == "age: z > 4.20, 1 voxel (FDR 0.05)"
    drawn = [image.get_array() for axes in figures["z"].axes for image in axes.images[1:]]
    assert any(np.ma.is_masked(image) and image.count() > 0 and np.isclose(image.max(), 4.2) for image in drawn)
