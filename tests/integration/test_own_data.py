"""Maps and tables as users have them."""

import json
import shutil

import nibabel as nib
import numpy as np
import pandas as pd
import pytest

from conftest import snakemake
from secondlevel.space.kinds.volume import Mask
from study import AFFINE, INSIDE, SHAPE, config, people, write_maps, write_table

AGE = {"design": "age", "contrasts": [{"name": "age", "weights": "age"}]}
NAMES = ["sub-01", "sub-02", "sub-03", "sub-Åsa Müller", "sub-05", "sub-06"]
# For each analysis, what differs.
FORMS = {
    "odd": {"datasets": {"own": {"participants": "odd.tsv", "maps": "image"}}},
    "entities": {
        "datasets": {"own": {"maps": {"folder": "bids", "contrast": "faces", "stat": "effect"}}},
        "resample_to": "space-MNI152Lin_reference.nii.gz",
    },
}


def rewrite(path, to, write):
    """Replace a map by what `write` makes of its data."""
    data = nib.load(path).get_fdata(dtype=np.float32)
    path.unlink()
    nib.save(write(data), to)


def write_odd(folder, table):
    """A table of a spreadsheet: another order, IDs without sub-, empty cells for n/a; and maps in several formats."""
    write_maps(folder, table)
    files = dict.fromkeys(table["participant_id"], "maps/{}.nii.gz") | {"sub-03": "maps/{}.img"}
    of_subject = {subject: folder / "maps" / f"{subject}.nii.gz" for subject in files}
    rewrite(of_subject["sub-01"], of_subject["sub-01"], lambda data: nib.Nifti2Image(data, AFFINE))
    rewrite(of_subject["sub-02"], of_subject["sub-02"], lambda data: nib.Nifti1Image(data[..., None], AFFINE))
    rewrite(of_subject["sub-03"], folder / "maps/sub-03.img", lambda data: nib.Spm99AnalyzeImage(data, AFFINE))
    other = table.assign(image=[name.format(subject) for subject, name in files.items()]).iloc[::-1]
    other["participant_id"] = other["participant_id"].str.removeprefix("sub-")
    other = pd.concat([other, pd.DataFrame({"participant_id": ["empty"], "group": ["patient"]})])
    content = other.to_csv(sep="\t", index=False, lineterminator="\r\n")
    (folder / "odd.tsv").write_bytes(b"\xef\xbb\xbf" + content.encode())


def write_bids(folder, table):
    """BIDS derivatives of two statistics, of which one has its first axis the other way round, at the same places."""
    name = "bids/{participant_id}/{participant_id}_task-x_contrast-faces_stat-effect_statmap.nii.gz"
    write_maps(folder, table, name)
    write_maps(folder, table, name.replace("effect", "t"), seed=5)
    turned = AFFINE @ np.array([[-1.0, 0, 0, SHAPE[0] - 1], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    path = folder / name.format(participant_id="sub-03")
    rewrite(path, path, lambda data: nib.Nifti1Image(data[::-1], turned))
    nib.save(nib.Nifti1Image(np.ones(SHAPE, np.float32), AFFINE), folder / "space-MNI152Lin_reference.nii.gz")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Where the results are of the same maps in several forms, of one run; their table, and their values."""
    folder = tmp_path_factory.mktemp("forms")
    table = people(6).assign(participant_id=NAMES)
    write_table(folder / "participants.tsv", table)
    write_odd(folder, table)
    write_bids(folder, table)
    settings = config(folder, analyses={name: AGE | form for name, form in FORMS.items()})
    snakemake(folder, *settings, "--", *(f"results/{name}/maps.npy" for name in FORMS), "results/odd/design.tsv")
    return folder / "results", table, write_maps(folder, table, "again/{participant_id}.nii.gz")


def test_formats_and_odd_tables_make_no_difference(study):
    results, table, values = study
    maps = np.load(results / "odd/maps.npy")[::-1]
    # Voxels of an Analyze image may be stored from the other side.
    np.testing.assert_array_equal(np.sort(maps[2]), np.sort(values[2]))
    np.testing.assert_array_equal(np.delete(maps, 2, axis=0), np.delete(values, 2, axis=0))
    design = pd.read_csv(results / "odd/design.tsv", sep="\t")[::-1]
    assert list(design["participant_id"]) == [name.removeprefix("sub-") for name in NAMES]
    assert list(design["age"]) == list(table["age"])
    excluded = pd.read_csv(results / "odd/excluded.tsv", sep="\t")
    assert list(excluded["participant_id"]) == ["empty"]
    assert excluded["reason"][0].startswith("missing value of age")


def test_maps_are_found_by_their_entities_and_resampled_when_asked_for(study):
    results, _, values = study
    np.testing.assert_array_equal(Mask.load(results / "entities/mask.nii.gz").inside, INSIDE)
    assert json.loads((results / "entities/mask.json").read_text())["SpatialReference"] == "MNI152Lin"
    assert "SpatialReference" not in (results / "odd/mask.json").read_text()
    # Nothing is interpolated.
    np.testing.assert_allclose(np.load(results / "entities/maps.npy"), values, rtol=1e-5)


def test_a_dry_run_says_in_words_what_will_be_analysed_and_what_cannot(tmp_path):
    table = people(12)
    table.loc[4, "age"] = np.nan
    write_maps(tmp_path, table)
    write_maps(tmp_path, pd.DataFrame({"participant_id": ["sub-99"]}))
    (tmp_path / "maps" / "sub-07.nii.gz").unlink()
    write_table(tmp_path / "participants.tsv", table)
    contrasts = [{"name": "patients", "weights": "group[patient]"}, {"name": "age", "weights": "age"}]
    good = {"design": "group + age", "factors": {"group": "control"}, "center": ["age"], "contrasts": contrasts}
    analyses = {
        "a": good | {"exclude": ["sub-02"], "smoothing_fwhm": 6},
        "nobody": AGE | {"exclude": ["sub-77"]},
        "text": AGE | {"design": "group"},
    }
    printed = snakemake(tmp_path, *config(tmp_path, analyses=analyses), "--dry-run", fails=True)
    for words in (
        "Analysis a",
        "12 rows in participants.tsv: 9 kept, 3 left out",
        "sub-02: left out by the config",
        "sub-05: missing value of age",
        "sub-07: its map is not there",
        "Maps that belong to no row and are not analysed (1): maps/sub-99.nii.gz",
        "Maps of 10 x 9 x 8 voxels of 3 x 3 x 3 mm",
        "Design: 9 subjects, columns intercept, group[patient], age",
        "age is centred at",
        "group: control, patient (the first is the reference)",
        "Mask: background; smoothing: 6 mm",
        "Contrast patients: t of +1 group[patient]",
        "6 degrees of freedom; scheme permute; 362,880 distinct permutations, 99 at random used",
        "Analysis nobody\n  It cannot run: config key 'exclude' names sub-77, but there is no such subject",
        "Analysis text\n  It cannot run: participants.tsv: column 'group' is not a number for subject sub-01",
    ):
        assert words in printed
    assert not (tmp_path / "results").exists()


def test_a_copied_study_reads_the_maps_that_its_config_names(tmp_path):
    # Seen from a folder as deep, the maps of another project lie where those of the first one do.
    first, other = tmp_path / "first/study", tmp_path / "other/study"
    for project, seed in ((first, 1), (other, 2)):
        project.mkdir(parents=True)
        write_maps(project.parent, people(), seed=seed)
    write_table(first / "participants.tsv", people())
    maps = str(first.parent / "maps/{participant_id}.nii.gz")
    settings = config(first, design="age", contrasts=[{"name": "age", "weights": "age"}], own={"maps": maps})
    wanted = ("results/a/maps.npy",)
    snakemake(first, *settings, "--", *wanted)
    shutil.copytree(first, other, dirs_exist_ok=True)
    (other / wanted[0]).unlink()
    snakemake(other, "--configfile", other / "mine.yaml", "--", *wanted)
    assert pd.read_csv(other / "results/a/sample.tsv", sep="\t")["map"][0] == maps.format(participant_id="sub-01")
    assert (other / wanted[0]).read_bytes() == (first / wanted[0]).read_bytes()
