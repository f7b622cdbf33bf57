"""What is wrong is told in one sentence that names it, and nothing is left that looks like a result."""

import gzip

import nibabel as nib
import numpy as np
import pandas as pd
import pytest

from conftest import snakemake
from study import AFFINE, INSIDE, SHAPE, config, people, write_maps, write_table

AGE = {"design": "age", "contrasts": [{"name": "age", "weights": "age"}]}


def test_a_wrong_config_ends_before_anything_runs(tmp_path):
    """What is wrong in a config is tested in tests/unit/test_settings.py."""
    write_table(tmp_path / "participants.tsv", people())
    wrong = {"smothing_fwhm": 5, "design": "age + __import__('os').system('touch hacked')"}
    printed = snakemake(tmp_path, *config(tmp_path, **AGE | wrong), fails=True)
    assert "the config has an unknown key 'smothing_fwhm'; did you mean 'smoothing_fwhm'?" in printed
    printed += snakemake(tmp_path, *config(tmp_path, **AGE | {"design": wrong["design"]}), fails=True)
    assert "config key 'design': 'age + __import__('os').system('touch hacked')' calls '__import__'" in printed
    assert "Traceback" not in printed
    assert not (tmp_path / "results").exists()
    assert not (tmp_path / "hacked").exists()


def with_table(name, **more):
    return {"datasets": {"own": {"participants": name} | more}}


# Analyses that cannot run: what differs, and what is said.
WRONG_DATA = {
    "no_id": (with_table("no_id.tsv"), "no_id.tsv has no column 'participant_id'; it has who, age"),
    "twice": (with_table("twice.tsv"), "twice.tsv has more than one row for sub-03; keep one of them"),
    "prefix": (with_table("prefix.tsv"), "prefix.tsv has rows for sub-03 and for 03, who are one"),
    "no_name": (with_table("no_name.tsv"), "no_name.tsv has no participant_id in line 5; give every row one"),
    "empty": (with_table("empty.tsv"), "The table empty.tsv has no rows"),
    "commas": (with_table("commas.tsv"), "commas.tsv has no column 'participant_id'; it has participant_id,group"),
    "binary": (with_table("binary.tsv"), "The file binary.tsv cannot be read as a tab-separated table"),
    "no_field": (
        with_table("participants.tsv", maps="maps/{session}.nii.gz"),
        "participants.tsv, which the config key 'datasets.own.maps' asks for has no column 'session'",
    ),
    "no_column": (with_table("participants.tsv", maps="map"), "participants.tsv has no column 'map'; it has"),
    "no_folder": (
        with_table("participants.tsv", maps={"folder": "nowhere"}),
        "config key 'datasets.own.maps.folder': nowhere is not a folder",
    ),
    "two_fit": (
        with_table("participants.tsv", maps={"folder": "bids", "contrast": "faces"}),
        "2 files fit sub-01, such as",
    ),
    "no_maps": (
        with_table("participants.tsv", maps="none/{participant_id}.nii"),
        "no subject can be kept, for The image",
    ),
    "comma_number": (with_table("comma_number.tsv"), "column 'age' is not a number for subject sub-04 ('12,5')"),
    "no_variable": ({"design": "iq"}, "has no column 'iq'; it has participant_id"),
    "text": ({"design": "group"}, "column 'group' is not a number for subject sub-01 ('control'); correct the cell"),
    "no_level": ({"design": "group", "factors": {"group": "Control"}}, "'Control' is no level of group"),
    "one_level": (
        with_table("one_level.tsv") | {"design": "group", "factors": {"group": None}},
        "The factor group has only the level 'control'",
    ),
    "no_such_column": ({"contrasts": [{"name": "a", "weights": "agee"}]}, "Contrast 'a': cannot read 'agee' in 'agee'"),
    "weights": (
        {"contrasts": [{"name": "a", "weights": [1, 0, 0]}]},
        "Contrast 'a' has 3 weights, but the design has 2",
    ),
    "zero": ({"contrasts": [{"name": "a", "weights": [0, 0]}]}, "Contrast 'a' has only zero weights"),
    "rows": (
        {"contrasts": [{"name": "f", "weights": ["age", "2 * age"]}]},
        "Contrast 'f' has rows that depend on each other",
    ),
    "collinear": (
        with_table("twin.tsv") | {"design": "age + twin"},
        "The design is rank-deficient: intercept, age, twin are",
    ),
    "constant": (
        with_table("one.tsv") | {"design": "age + one"},
        "The design is rank-deficient: intercept, one are linear",
    ),
    "too_few": (with_table("too_few.tsv"), "The design has 2 columns (intercept, age) but only 2 subjects are kept"),
    "exclude": ({"exclude": ["sub-99"]}, "config key 'exclude' names sub-99, but there is no such subject"),
    "grid": (
        with_table("participants.tsv", maps="grid/{participant_id}.nii.gz"),
        "1 of 12 maps are not on the grid of the rest, those of sub-02",
    ),
    "mask_grid": ({"mask": "mask_grid.nii"}, "The mask mask_grid.nii is not on the grid of the maps"),
    "mask_empty": ({"mask": "mask_empty.nii"}, "The mask (mask_empty.nii) holds no voxel that can be analysed"),
    "blocks": (
        {"permutation": {"blocks": {"variable": "familly", "shuffle": "whole"}}},
        "has no column 'familly'",
    ),
    "cell_code": (with_table("cell_code.tsv"), "column 'age' is not a number for subject sub-01 ('__import__('os')')"),
}


@pytest.fixture(scope="module")
def all_wrong(tmp_path_factory):
    """What a run of all wrong analyses prints, and its folder."""
    folder = tmp_path_factory.mktemp("wrong")
    table = people(12)
    tables = {
        "participants": table,
        "no_id": table.rename(columns={"participant_id": "who"})[["who", "age"]],
        "twice": pd.concat([table, table.iloc[[2]]]),
        "prefix": pd.concat([table, table.iloc[[2]].assign(participant_id="03")]),
        "no_name": table.assign(participant_id=table["participant_id"].where(table.index != 3)),
        "empty": table.iloc[:0],
        "comma_number": table.assign(age=table["age"].astype(str).where(table.index != 3, "12,5")),
        "one_level": table.assign(group="control"),
        "twin": table.assign(twin=2 * table["age"] + 1),
        "one": table.assign(one=3),
        "too_few": table.iloc[:2],
        "cell_code": table.assign(age=table["age"].astype(str).where(table.index > 0, "__import__('os')")),
    }
    for name, content in tables.items():
        write_table(folder / f"{name}.tsv", content)
    table.to_csv(folder / "commas.tsv", index=False)
    (folder / "binary.tsv").write_bytes(gzip.compress(b"participant_id\tage\n"))
    write_maps(folder, table)
    write_maps(folder, table, "grid/{participant_id}.nii.gz")
    nib.save(nib.Nifti1Image(np.ones(SHAPE, np.float32), np.diag([2.0, 2, 2, 1])), folder / "grid" / "sub-02.nii.gz")
    for task in ("one", "two"):
        name = f"bids/{{participant_id}}/{{participant_id}}_task-{task}_contrast-faces_statmap.nii.gz"
        write_maps(folder, table, name)
    nib.save(nib.Nifti1Image(np.ones((4, 4, 4), np.uint8), AFFINE), folder / "mask_grid.nii")
    nib.save(nib.Nifti1Image(np.zeros(SHAPE, np.uint8), AFFINE), folder / "mask_empty.nii")
    analyses = {name: AGE | settings for name, (settings, _) in WRONG_DATA.items()}
    printed, left = "", list(analyses)
    while left:  # once some jobs have failed, snakemake can end before it began all others; a rerun does those
        files = [f"results/{name}/{last}" for name in left for last in ("design.tsv", "mask.nii.gz")]
        printed += snakemake(folder, *config(folder, analyses=analyses), "--keep-going", "--", *files, fails=True)
        left, before = [name for name in left if "ERROR" not in logs_of(folder, name)], left
        assert len(left) < len(before), f"nothing was said of {', '.join(left)}:\n{printed}"
    return folder, printed


def logs_of(folder, name):
    """All that the jobs of an analysis have logged."""
    return "".join(path.read_text() for path in (folder / "results" / name / "logs").glob("*.log"))


@pytest.mark.parametrize("name", WRONG_DATA)
def test_wrong_data_end_in_one_sentence_and_leave_no_result(all_wrong, name):
    folder, printed = all_wrong
    logs, words = logs_of(folder, name), WRONG_DATA[name][1]
    assert words in logs
    assert words in printed, "\n".join(line for line in printed.splitlines() if "Error" in line or name in line)
    assert "Traceback" not in printed + logs
    left = {path.name for path in (folder / "results" / name).iterdir()}
    assert ("mask.nii.gz" if name.startswith("mask") else "design.tsv") not in left


def test_maps_that_cannot_be_used_leave_out_their_subject_and_say_why(tmp_path):
    table = people(12)
    write_maps(tmp_path, table)
    write_table(tmp_path / "participants.tsv", table)
    maps = tmp_path / "maps"
    (maps / "sub-01.nii.gz").write_bytes((maps / "sub-01.nii.gz").read_bytes()[:-300])  # cut short
    (maps / "sub-02.nii.gz").write_bytes(b"no image")
    (maps / "sub-03.nii.gz").unlink()
    (maps / "sub-03.nii.gz").mkdir()
    nib.save(nib.Nifti1Image(np.zeros(SHAPE, np.float32), AFFINE), maps / "sub-04.nii.gz")
    nib.save(nib.Nifti1Image(np.ones((*SHAPE, 2), np.float32), AFFINE), maps / "sub-05.nii.gz")
    slab = nib.load(maps / "sub-06.nii.gz").get_fdata(dtype=np.float32)
    slab[:, :, :4] = np.nan
    nib.save(nib.Nifti1Image(slab, AFFINE), maps / "sub-06.nii.gz")
    write_maps(tmp_path, pd.DataFrame({"participant_id": ["sub-77"]}))
    settings = config(tmp_path, **AGE)
    snakemake(tmp_path, *settings, "--", "results/a/mask.nii.gz", "results/a/design.tsv")
    results = tmp_path / "results" / "a"
    excluded = pd.read_csv(results / "excluded.tsv", sep="\t").set_index("participant_id")["reason"]
    assert list(excluded.index) == [f"sub-0{number}" for number in range(1, 6)]
    for number, words in enumerate(
        ["broken or cut short", "is not an image", "sub-03", "is empty", "has shape"], start=1
    ):
        assert words in excluded[f"sub-0{number}"]
    extra = pd.read_csv(results / "maps_without_participant.tsv", sep="\t")
    assert list(extra["map"]) == ["maps/sub-77.nii.gz"]
    quality = pd.read_csv(results / "quality.tsv", sep="\t").set_index("participant_id")
    lost = int(INSIDE[:, :, :4].sum()) + int((~INSIDE[:, :, :4]).sum())
    assert quality.loc["sub-06", "n_not_finite_here_only"] == lost
    log = (results / "logs" / "quality_check.log").read_text()
    assert f"{lost} voxels are lost to all since only the map of sub-06 has no number there" in log
    with_slab = np.asarray(nib.load(results / "mask.nii.gz").dataobj) > 0
    np.testing.assert_array_equal(with_slab, INSIDE & (np.arange(SHAPE[2]) >= 4))
    snakemake(tmp_path, *config(tmp_path, **AGE, exclude=["sub-06"]), "--", "results/a/mask.nii.gz")
    np.testing.assert_array_equal(np.asarray(nib.load(results / "mask.nii.gz").dataobj) > 0, INSIDE)
    excluded = pd.read_csv(results / "excluded.tsv", sep="\t").set_index("participant_id")["reason"]
    assert excluded["sub-06"] == "left out by the config"
