"""What is wrong is told in one sentence that names it, and nothing is left that looks like a result."""

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
    wrong = {"mask": "no.nii", "design": "age + __import__('os').system('touch hacked')"}
    printed = snakemake(tmp_path, *config(tmp_path, **AGE | wrong), fails=True)
    assert printed.count("config key 'mask': the file no.nii does not exist") == 1
    assert printed.count("config key 'design': 'age + __import__('os').system('touch hacked')' calls '__import__'") == 1
    assert "Traceback" not in printed
    assert not (tmp_path / "results").exists()
    assert not (tmp_path / "hacked").exists()


def test_what_is_wrong_in_how_a_file_is_written_is_told_with_its_lines(tmp_path):
    """The rest of it is tested in tests/unit/test_config_files.py."""
    path = tmp_path / "mine.yaml"
    path.write_text("analysis: a\ndesign: age\ndesign: iq\n__use_yte__: true\nmask: ?'m' + 'ni'\n")
    printed = snakemake(tmp_path, "--configfile", path, "--dry-run", fails=True)
    assert printed.count(f"{path}, line 3: the key 'design' is also in line 2; keep one of them.") == 1
    assert printed.count(f"{path}, line 4: '__use_yte__' makes the file a template, whose code Snakemake runs") == 1
    assert "Traceback" not in printed


def test_a_study_whose_maps_are_elsewhere_cannot_run(tmp_path):
    write_table(tmp_path / "participants.tsv", people())
    printed = snakemake(tmp_path, *config(tmp_path, **AGE), "--dry-run", fails=True)
    assert printed.count("It cannot run: No map is found: the first path that was tried is maps/sub-01.nii.gz;") == 1
    assert "Traceback" not in printed


def of_own(participants, maps="maps/{participant_id}.nii.gz"):
    return {"datasets": {"own": {"participants": participants, "maps": maps}}}


# Analyses that cannot run, by the rule that finds it: what differs; and what is said, by the file that is not made.
# All else that can be wrong with data is tested in tests/unit/report/test_what_cannot_run.py.
WRONG_DATA = {
    "table": (of_own("twice.tsv"), {"participants.tsv": "twice.tsv has more than one row for sub-03; keep one of"}),
    "no_maps": (
        of_own("participants.tsv", "none/{participant_id}.nii"),
        {"sample.tsv": "no subject can be kept, for The image none/sub-01.nii does not exist and the like"},
    ),
    "grid": (
        of_own("participants.tsv", "grid/{participant_id}.nii.gz"),
        {"sample.tsv": "1 of 12 maps are not on the grid of the rest, those of sub-02"},
    ),
    "mask_and_design": (
        {"mask": "mask.nii", "design": "age + twin"},
        {
            "mask.nii.gz": "The mask mask.nii is not on the grid of the maps",
            "design.tsv": "The design is rank-deficient: intercept, age, twin are",
        },
    ),
}


@pytest.fixture(scope="module")
def all_wrong(tmp_path_factory):
    """What a run of all wrong analyses prints, and its folder."""
    folder = tmp_path_factory.mktemp("wrong")
    table = people(12).assign(twin=lambda table: 2 * table["age"] + 1)
    write_table(folder / "participants.tsv", table)
    write_table(folder / "twice.tsv", pd.concat([table, table.iloc[[2]]]))
    write_maps(folder, table)
    write_maps(folder, table, "grid/{participant_id}.nii.gz")
    nib.save(nib.Nifti1Image(np.ones(SHAPE, np.float32), np.diag([2.0, 2, 2, 1])), folder / "grid" / "sub-02.nii.gz")
    nib.save(nib.Nifti1Image(np.ones((4, 4, 4), np.uint8), AFFINE), folder / "mask.nii")
    analyses = {name: AGE | settings for name, (settings, _) in WRONG_DATA.items()}
    printed, left = "", [(name, file) for name, (_, said) in WRONG_DATA.items() for file in said]
    while left:  # once some jobs have failed, snakemake can end before it began all others; a rerun does those
        files = [f"results/{name}/{file}" for name, file in left]
        printed += snakemake(folder, *config(folder, analyses=analyses), "--keep-going", "--", *files, fails=True)
        before = left
        left = [(name, file) for name, file in left if WRONG_DATA[name][1][file] not in logs_of(folder, name)]
        assert len(left) < len(before), f"nothing was said of {left}:\n{printed}"
    return folder, printed


def logs_of(folder, name):
    """All that the jobs of an analysis have logged."""
    return "".join(path.read_text() for path in (folder / "results" / name / "logs").glob("*.log"))


@pytest.mark.parametrize("name", WRONG_DATA)
def test_wrong_data_end_in_one_sentence_and_leave_no_result(all_wrong, name):
    folder, printed = all_wrong
    logs = logs_of(folder, name)
    for file, words in WRONG_DATA[name][1].items():
        assert words in logs
        assert printed.count(words) == 1
        assert not (folder / "results" / name / file).exists()
    assert "Traceback" not in printed + logs


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
    analyses = {"a": AGE, "without": AGE | {"exclude": ["sub-06"]}}
    settings = config(tmp_path, analyses=analyses)
    snakemake(tmp_path, *settings, "--", *(f"results/{name}/mask.nii.gz" for name in analyses))
    results, without = tmp_path / "results" / "a", tmp_path / "results" / "without"
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
    np.testing.assert_array_equal(np.asarray(nib.load(without / "mask.nii.gz").dataobj) > 0, INSIDE)
    excluded = pd.read_csv(without / "excluded.tsv", sep="\t").set_index("participant_id")["reason"]
    assert excluded["sub-06"] == "left out by the config"
