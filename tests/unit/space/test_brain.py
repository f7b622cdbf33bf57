import nibabel as nib
import numpy as np
import pytest
from nilearn.datasets import load_mni152_brain_mask
from nilearn.image import resample_img

from secondlevel.space.brain import brain_mask, on_grid, standard_brain


def test_the_brain_on_its_own_grid_and_on_a_coarser_one():
    template = load_mni152_brain_mask(resolution=2)
    inside = np.asarray(template.dataobj) > 0
    np.testing.assert_array_equal(brain_mask(template.affine, template.shape), inside)
    # Every voxel of any grid is where the nearest voxel of the template is.
    affine, shape = np.array([[-7.0, 0, 0, 80], [0, 5, 0, -110], [0, 0, 6, -60], [0, 0, 0, 1]]), (24, 40, 30)
    voxels = np.indices(shape).reshape(3, -1).T
    there = nib.affines.apply_affine(np.linalg.inv(template.affine) @ affine, voxels)
    nearest = np.rint(there).astype(int)
    known = ((nearest >= 0) & (nearest < template.shape)).all(axis=1)
    expected = np.zeros(len(voxels), dtype=bool)
    expected[known] = inside[tuple(nearest[known].T)]
    halfway = (np.abs(there - np.floor(there) - 0.5) < 1e-6).any(axis=1)
    np.testing.assert_array_equal(brain_mask(affine, shape).ravel()[~halfway], expected[~halfway])
    assert expected[~halfway].sum() > 1000


def test_there_is_no_brain_on_a_grid_that_lies_elsewhere():
    affine = np.diag([3.0, 3, 3, 1])
    affine[:3, 3] = 5000
    assert not brain_mask(affine, (5, 4, 3)).any()


@pytest.mark.parametrize("size", [1.5, 2, 3, 4])
def test_voxels_on_another_grid_are_those_of_nilearn_halfway_ones_too(size):
    rng = np.random.default_rng(int(4 * size))
    brain, template = standard_brain(), load_mni152_brain_mask(resolution=2)
    for number, shift in enumerate([0, 0.5, 1, 1.5, 1 / 3, 20]):
        affine, shape = np.diag([-size if number % 2 else size, size, size, 1]), tuple(rng.integers(30, 60, 3))
        if number > 3:
            affine[:3, :3] = affine[:3, :3] @ np.linalg.qr(rng.normal(size=(3, 3)))[0]
        affine[:3, 3] = shift - affine[:3, :3] @ np.array(shape) / 2
        how = {"interpolation": "nearest", "force_resample": True, "copy_header": True}
        expected = np.asarray(resample_img(template, affine, shape, **how).dataobj) > 0
        np.testing.assert_array_equal(brain_mask(affine, shape), expected)
        inside = rng.random(shape) < 0.5
        image = nib.Nifti1Image(inside.astype(np.uint8), affine)
        expected = np.asarray(resample_img(image, template.affine, template.shape, **how).dataobj) > 0
        assert expected.any()
        np.testing.assert_array_equal(on_grid(inside, affine, brain[1], brain[0].shape), expected)
