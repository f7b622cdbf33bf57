"""What images say of the space that they lie in goes into every image of an analysis."""

import nibabel as nib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from secondlevel.space.headers import read_header
from secondlevel.space.kinds.volume import Mask
from secondlevel.space.reference import UNKNOWN, shared_codes, space_of_names, told_by

SHAPE = (4, 5, 6)
AFFINE = np.array([[-3.0, 0, 0, 12], [0, 3, 0, -9], [0, 0, 4, 5], [0, 0, 0, 1]])
SHEARED = AFFINE + 0.4 * np.eye(4, k=1) * [[1], [1], [0], [0]]


def image(path, q_form, s_form, affine=AFFINE):
    """Write an image with both codes, as other software does."""
    made = nib.Nifti1Image(np.ones(SHAPE, np.float32), affine)
    made.set_qform(affine, code=q_form)
    made.set_sform(affine, code=s_form)
    nib.save(made, path)
    return str(path)


def forms_of(path):
    """The codes of q-form and s-form that nibabel finds in a file, and its affine."""
    header = nib.load(path).header
    return (int(header["qform_code"]), int(header["sform_code"])), header.get_best_affine()


def through(folder, paths):
    """What a map's file holds that is written like the mask of some images."""
    affine = read_header(paths[0]).affine
    Mask(np.ones(SHAPE, bool), affine, *told_by(paths)).save([str(folder / "mask.nii.gz")], {})
    mask = Mask.load(folder / "mask.nii.gz")
    mask.write(str(folder / "out.nii.gz"), np.arange(mask.size), {})
    for name in ("mask", "out"):
        assert nib.load(folder / f"{name}.nii.gz").header.get_xyzt_units()[0] == "mm"
    return forms_of(folder / "out.nii.gz")


@pytest.mark.parametrize("codes", [(0, 4), (4, 4), (1, 4), (1, 1), (2, 3), (1, 0), (4, 0), (0, 5)])
def test_the_codes_of_the_maps_are_those_of_all_results(tmp_path, codes):
    paths = [image(tmp_path / f"{number}.nii.gz", *codes) for number in range(3)]
    found, affine = through(tmp_path, paths)
    assert found == codes
    np.testing.assert_allclose(affine, AFFINE, atol=1e-5)


@pytest.mark.parametrize(
    ("of_maps", "wanted"),
    [
        ([(0, 4), (4, 4)], (0, 4)),  # each is in MNI space by the form that counts
        ([(4, 0), (4, 4)], (0, 4)),
        ([(0, 4), (0, 1)], UNKNOWN),
        ([(4, 4), (0, 0)], UNKNOWN),
        ([(0, 0), (0, 0)], UNKNOWN),  # neither form
        ([(0, 17), (0, 17)], UNKNOWN),  # no code of NIfTI
        ([(1, 17)], (1, 2)),
    ],
)
def test_maps_that_differ_lead_to_what_they_share(of_maps, wanted):
    assert shared_codes(of_maps) == wanted
    assert shared_codes(reversed(of_maps)) == wanted


def test_a_form_that_cannot_be_has_no_code(tmp_path):
    path = image(tmp_path / "map.nii", 1, 4)
    content = bytearray((tmp_path / "map.nii").read_bytes())
    content[280:328] = bytes(48)  # the s-form is all zeros
    (tmp_path / "map.nii").write_bytes(content)
    assert read_header(path).codes == (1, 0)
    nib.save(nib.Spm99AnalyzeImage(np.ones(SHAPE, np.float32), AFFINE), tmp_path / "pair.img")
    assert read_header(tmp_path / "pair.img").codes == (0, 0)


def test_an_affine_with_shears_keeps_its_s_form_alone(tmp_path):
    path = image(tmp_path / "sheared.nii", 0, 4, SHEARED)
    header = read_header(path)
    Mask(np.ones(SHAPE, bool), header.affine, (1, 4)).save([str(tmp_path / "mask.nii.gz")], {})
    codes, affine = forms_of(tmp_path / "mask.nii.gz")
    assert codes == (0, 4)
    np.testing.assert_allclose(affine, SHEARED, atol=1e-6)


@settings(deadline=None, max_examples=50)
@given(
    some.lists(some.floats(-1, 1, width=32), min_size=3, max_size=3),
    some.lists(some.floats(0.5, 9, width=32), min_size=3, max_size=3),
    some.sampled_from((-1, 1)),
)
def test_a_q_form_alone_comes_back_as_it_was(tmp_path_factory, quaternion, sizes, handedness):
    """Places in tables must not depend on how often a header was rewritten."""
    quaternion = np.array(quaternion) / max(1, np.linalg.norm(quaternion) * 1.001)
    made = nib.Nifti1Image(np.ones(SHAPE, np.float32), None)
    header, folder = made.header, tmp_path_factory.mktemp("q")
    header["qform_code"], header["pixdim"][:4] = 4, [handedness, *sizes]
    header["quatern_b"], header["quatern_c"], header["quatern_d"] = quaternion
    header["qoffset_x"], header["qoffset_y"], header["qoffset_z"] = -90.3, 0.1, 33
    nib.save(made, folder / "map.nii")
    codes, affine = through(folder, [str(folder / "map.nii")])
    assert codes == (4, 0)
    np.testing.assert_allclose(affine, read_header(folder / "map.nii").affine, atol=1e-5)


@pytest.mark.parametrize(
    ("names", "space"),
    [
        (["sub-01_space-MNI152NLin6Asym_stat-t_statmap.nii.gz", "a/space-MNI152NLin6Asym_x.nii"], "MNI152NLin6Asym"),
        (["sub-01_space-T1w.nii"], "T1w"),
        (["sub-01_space-T1w_x.nii", "sub-02_space-MNI_x.nii"], None),
        (["sub-01_space-T1w_x.nii", "sub-02_x.nii"], None),
        (["space-MNI_of/sub-01_x.nii", "space-MNI_of/sub-02_x.nii"], None),  # of a folder
        (["sub-01_myspace-MNI_x.nii"], None),
        (["sub-01_space-_x.nii"], None),
        ([f"sub-01_space-{'M' * 61}_x.nii"], None),  # too long for a header
    ],
)
def test_a_space_is_told_by_all_names_or_not_at_all(names, space):
    assert space_of_names(names) == space


def test_the_space_goes_with_the_mask_into_every_image_and_sidecar(tmp_path):
    path = image(tmp_path / "sub-01_space-MNI152NLin2009cAsym_stat-t.nii.gz", 0, 4)
    through(tmp_path, [path])
    for name in ("mask", "out"):
        assert '"SpatialReference": "MNI152NLin2009cAsym"' in (tmp_path / f"{name}.json").read_text()
        assert read_header(tmp_path / f"{name}.nii.gz").description == "space-MNI152NLin2009cAsym"
    through(tmp_path, [image(tmp_path / "other.nii.gz", 0, 4)])
    assert "SpatialReference" not in (tmp_path / "out.json").read_text()
    assert Mask.load(tmp_path / "mask.nii.gz").label is None


def test_headers_alone_differ_from_what_was_written_before(tmp_path):
    """A map of t in MNI space holds the values of one of which nothing is known, byte for byte."""
    values = np.random.default_rng(0).normal(size=120)
    for name, codes in (("known", (4, 4)), ("unknown", UNKNOWN)):
        Mask(np.ones(SHAPE, bool), AFFINE, codes).write(str(tmp_path / f"{name}.nii.gz"), values, {})
    known, unknown = (nib.load(tmp_path / f"{name}.nii.gz") for name in ("known", "unknown"))
    assert np.asarray(known.dataobj).tobytes() == np.asarray(unknown.dataobj).tobytes()
    np.testing.assert_array_equal(known.affine, unknown.affine)
