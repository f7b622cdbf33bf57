"""Maps that are subtracted as they are read, of each kind, against the differences of what was written."""

import os

import nibabel as nib
import numpy as np
import pandas as pd
import pytest

from analysed import analysed
from foretold import foretold
from kinds import FORMS, INSIDE, matrix_of, vertices, written
from secondlevel.base.errors import InputError
from study import AFFINE, config_of, write_table

MEAN = {"design": "1", "contrasts": [{"name": "change", "weights": "intercept"}]}


def below(folder, maps):
    """What a config says of maps, with paths that begin with a folder."""
    if isinstance(maps, dict):
        others = ("id", "volume", "suffix", "extension", "stat", "seg", "den", "space")
        return {key: value if key in others else below(folder, value) for key, value in maps.items()}
    return f"{folder}/{maps}"


def both(name, folder, n=6):
    """Write two studies of a form: what a config says below ``datasets.own`` of their differences, and the matrices."""
    owns, values = {}, {}
    for seed, session in enumerate(("post", "pre")):
        owns[session], _, values[session] = written(name, folder / session, n, seed)
    own = dict(owns["post"])
    for key in ("surfaces", "nodes"):
        if own.get(key):
            own[key] = below("post", own[key])
    own["maps"] = {"difference": [below(session, owns[session]["maps"]) for session in owns]}
    own["participants"] = "post/participants.tsv"
    return own, values["post"], values["pre"]


@pytest.mark.parametrize("name", FORMS)
def test_differences_of_every_form_are_those_of_the_values(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    own, post, pre = both(name, tmp_path)
    found = analysed(own)
    np.testing.assert_array_equal(found.matrix, post - pre)
    assert (found.form.kind, found.form.ending, list(found.form.parts)) == (*FORMS[name][2:4], list(FORMS[name][4]))
    told = foretold(config_of(own=own, mask="background", **MEAN))
    assert told[0].startswith("Of each subject two maps are subtracted: ")
    assert "6 subjects in post/participants.tsv: 6 kept, 0 left out" in told


@pytest.fixture
def volumes(tmp_path, monkeypatch):
    """What a config says of differences of volumes, and a function that writes one of them anew."""
    monkeypatch.chdir(tmp_path)
    own, post, pre = both("volumes", tmp_path)

    def write(values, session="pre", subject="sub-03", affine=AFFINE, pad=1):
        volume = np.pad(values.reshape(INSIDE), pad)
        nib.save(nib.Nifti1Image(volume, affine), tmp_path / session / "m" / f"{subject}.nii.gz")

    return own, post, pre, write


def test_maps_on_unlike_grids_are_not_subtracted(volumes):
    own, post, pre, write = volumes
    write(pre[2], affine=AFFINE + np.diag([1, 1, 1, 0]))
    told = "\n".join(foretold(config_of(own=own, **MEAN)))
    why = (
        "pre/m/sub-03.nii.gz is not on the grid of post/m/sub-03.nii.gz, from which it is subtracted: it has 5 x 6 x 4"
    )
    assert "6 subjects in post/participants.tsv: 5 kept, 1 left out" in told
    assert why in told
    found = analysed(own)
    assert why in found.selection.excluded["reason"].iloc[0]
    np.testing.assert_array_equal(found.matrix, np.delete(post - pre, 2, axis=0))
    # They are once both are resampled.
    assert "6 kept" in "\n".join(foretold(config_of(own=own, resample_to="post/m/sub-01.nii.gz", **MEAN)))


def test_meshes_graphs_and_parcels_that_are_unlike_are_not_subtracted(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own, *_ = both("relmat with header", tmp_path)
    pd.DataFrame(matrix_of(np.ones(15)), columns=list("abcdef")).to_csv(
        "pre/m/sub-02_relmat.tsv", sep="\t", index=False
    )
    assert "sub-02: pre/m/sub-02_relmat.tsv is not on the set of nodes of post/m" in "\n".join(
        foretold(config_of(own=own, **MEAN))
    )
    own, *_ = both("one mesh without a name", tmp_path)
    vertices(tmp_path / "pre" / "m" / "sub-02.shape.gii", np.ones(12))
    assert "sub-02: The map pre/m/sub-02.shape.gii has 12 values" in "\n".join(foretold(config_of(own=own, **MEAN)))


def test_who_lacks_one_of_the_two_is_left_out(volumes):
    own, post, pre, _ = volumes
    os.remove("pre/m/sub-05.nii.gz")
    words = "sub-05: its map is not there (pre/m/{participant_id}.nii.gz)"
    assert words in "\n".join(foretold(config_of(own=own, **MEAN)))
    found = analysed(own)
    assert list(found.selection.excluded["participant_id"]) == ["sub-05"]
    assert "pre/m/sub-05.nii.gz" in found.selection.excluded["reason"].iloc[0]
    np.testing.assert_array_equal(found.matrix, np.delete(post - pre, 4, axis=0))


def test_one_file_is_not_subtracted_from_itself_nor_from_two(volumes):
    own, *_ = volumes
    os.remove("pre/m/sub-01.nii.gz")
    os.link("post/m/sub-01.nii.gz", "pre/m/sub-01.nii.gz")
    with pytest.raises(InputError, match="the map of sub-01 is subtracted from itself: post/m/sub-01.nii.gz; correct"):
        foretold(config_of(own=own, **MEAN))
    os.remove("pre/m/sub-01.nii.gz")
    os.symlink("sub-02.nii.gz", "pre/m/sub-01.nii.gz")
    with pytest.raises(InputError, match="one file is the map of sub-01, sub-02: pre/m/sub-01.nii.gz; correct"):
        foretold(config_of(own=own, **MEAN))


def test_a_zero_that_is_no_value_is_one_of_either_map(volumes):
    own, post, pre, write = volumes
    post[2, :2], pre[2, 1:4], post[2, 5] = 0, 0, pre[2, 5]  # and a difference of 0, which is a value
    write(post[2], "post"), write(pre[2])
    np.testing.assert_array_equal(analysed(own, zeros="value").matrix, post - pre)
    found = analysed(own, zeros="missing")
    np.testing.assert_array_equal(found.matrix, np.delete(post - pre, range(4), axis=1))


def test_names_that_hold_what_is_between_two_maps_are_refused(volumes):
    own, *_ = volumes
    os.rename("pre", "after minus before")
    own["maps"]["difference"][1] = "after minus before/m/{participant_id}.nii.gz"
    with pytest.raises(InputError, match="after minus before/m/sub-01.nii.gz has ' minus ', which stands between maps"):
        foretold(config_of(own=own, **MEAN))


def test_paths_can_stand_in_columns(volumes):
    own, post, pre, _ = volumes
    table = pd.read_csv(own["participants"], sep="\t")
    for session in ("post", "pre"):
        table[session] = [f"{session}/m/{subject}.nii.gz" for subject in table["participant_id"]]
    table.loc[5, "pre"] = None
    write_table("wide.tsv", table)
    own |= {"participants": "wide.tsv", "maps": {"difference": ["post", "pre"]}}
    assert "sub-06: its map is not there (pre)" in "\n".join(foretold(config_of(own=own, **MEAN)))
    np.testing.assert_array_equal(analysed(own).matrix, (post - pre)[:5])
