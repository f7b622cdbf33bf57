"""What a dry run says of an analysis, against a study of which all is known."""

import nibabel as nib
import numpy as np
import pytest

from conftest import REPO
from foretold import foretold
from secondlevel.base.errors import InputError
from secondlevel.report.outlook import listed
from settings import read_yaml
from study import AFFINE, SHAPE, people, write_maps, write_table


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with 12 people, of whom one has no age and one no map, and the map of somebody else."""
    monkeypatch.chdir(tmp_path)
    table = people(12)
    table.loc[2, "age"] = np.nan
    write_maps(tmp_path, table)
    (tmp_path / "maps" / "sub-05.nii.gz").rename(tmp_path / "maps" / "sub-77.nii.gz")
    write_table(tmp_path / "participants.tsv", table)
    return tmp_path


def lines_of(**given):
    """The lines of the study's outlook, with some keys of its config replaced."""
    study = {
        "analysis": "a",
        "datasets": {"own": {"participants": "participants.tsv", "maps": "maps/{participant_id}.nii.gz"}},
        "smoothing_fwhm": 5,
        "design": "age + group",
        "factors": {"group": "patient"},
        "contrasts": [{"name": "age", "weights": "age"}],
    }
    return foretold(study | given)


def test_sample_design_and_contrasts_are_told(folder):
    contrasts = [
        {"name": "age", "weights": "age"},
        {"name": "both", "weights": ["age", "group[control]"]},
        {"name": "less", "weights": "0.5 * intercept - group[control]"},
    ]
    ages = people(12)["age"].drop([1, 2, 4])
    assert lines_of(exclude=["sub-02"], center=["age"], contrasts=contrasts) == [
        "Maps that belong to no row and are not analysed (1): maps/sub-77.nii.gz",
        "12 rows in participants.tsv: 9 kept, 3 left out",
        "  sub-02: left out by the config",
        "  sub-03: missing value of age",
        "  sub-05: its map is not there",
        "Maps of 10 x 9 x 8 voxels of 3 x 3 x 3 mm from (12, -12, -12): sub-01, sub-04, sub-06, sub-07, sub-08, "
        "sub-09, sub-10, sub-11 and 1 more",
        "Design: 9 subjects, columns intercept, age, group[control]",
        f"  age is centred at {ages.mean():g}",
        "  group: patient, control (the first is the reference)",
        "Mask: background; smoothing: 5 mm",
        "Contrast age: t of +1 age",
        "  6 degrees of freedom; scheme permute; 362,880 distinct permutations, 1,000 at random used",
        "Contrast both: F of +1 age; +1 group[control]",
        "  6 degrees of freedom; scheme permute; 362,880 distinct permutations, 1,000 at random used",
        "Contrast less: t of +0.5 intercept -1 group[control]",
        "  6 degrees of freedom; scheme flip; 512 distinct permutations, all used",
    ]


def test_few_shuffles_are_all_used_and_blocks_and_sides_count(folder):
    mean = {"design": "1", "factors": {}, "contrasts": [{"name": "mean", "weights": "intercept"}], "two_sided": True}
    # Those without an age can stay, since nobody asks for it.
    assert lines_of(**mean)[-2:] == [
        "Contrast mean: t, two-sided of +1 intercept",
        "  10 degrees of freedom; scheme flip; 2,048 distinct permutations, 1,000 at random used",
    ]
    blocks = {"blocks": {"variable": "site", "shuffle": "whole"}, "scheme": "flip"}
    last = lines_of(**mean, permutation=blocks)[-1]
    assert last == "  10 degrees of freedom; scheme flip; 8 distinct permutations, all used"


def test_unlike_grids_are_told_with_what_to_do(folder):
    warning = "Unlike grids are refused: set resample_to, or exclude some"
    assert warning not in lines_of()
    nib.save(nib.Nifti1Image(np.ones((4, 4, 4), np.float32), AFFINE), folder / "maps" / "sub-04.nii.gz")
    assert warning in lines_of()
    (folder / "maps" / "sub-06.nii.gz").write_text("no image")
    lines = lines_of()
    assert "Maps of 4 x 4 x 4 voxels of 3 x 3 x 3 mm from (12, -12, -12): sub-04" in lines
    assert "Maps that cannot be read: sub-06" in lines
    nib.save(nib.Nifti1Image(np.ones(SHAPE, np.float32), AFFINE), folder / "grid.nii")
    lines = lines_of(resample_to="grid.nii")
    assert "All are resampled to the grid of grid.nii" in lines
    assert not any("refused" in line for line in lines)


def test_what_cannot_run_is_an_error_and_a_sample_of_nobody_is_told(folder):
    with pytest.raises(InputError, match="column 'group' is not a number"):
        lines_of(factors={})
    with pytest.raises(InputError, match="Contrast 'age': cannot read 'agee'"):
        lines_of(contrasts=[{"name": "age", "weights": "agee"}])
    with pytest.raises(InputError, match="allows no shuffle"):
        lines_of(design="1", factors={}, contrasts=[{"name": "m", "weights": [1]}], permutation={"scheme": "permute"})
    for path in (folder / "maps").iterdir():
        path.unlink()
    assert lines_of()[-1] == "Nobody is left to be analysed."


def test_a_dataset_that_is_not_there_yet_is_promised_and_one_that_is_there_is_read(folder):
    promise = "The dataset simulated_localizer will be made or downloaded first; then a dry run says more."
    assert lines_of(dataset="simulated_localizer") == [promise]
    table = people(12).assign(map=[f"maps/sub-{number:02}.nii.gz" for number in range(1, 13)])
    write_table(folder / "sample.tsv", table)
    lines = lines_of(dataset="simulated_localizer")
    assert lines[:2] == ["12 rows in sample.tsv: 11 kept, 1 left out", "  sub-05: its map is not there"]


def test_the_template_of_a_new_study_can_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    table = people(12)[["participant_id", "age"]].assign(score=range(12))
    write_table(tmp_path / "participants.tsv", table)
    template = read_yaml(REPO / "config" / "new_study.yaml")
    write_maps(tmp_path, table, template["datasets"]["own"]["maps"])
    lines = foretold(template)
    assert lines[0] == "12 rows in participants.tsv: 12 kept, 0 left out"
    assert "Design: 12 subjects, columns intercept, score, age" in lines


def test_of_many_names_the_first_are_listed():
    assert listed("abc") == "a, b, c"
    assert listed(range(11)) == "0, 1, 2, 3, 4, 5, 6, 7 and 3 more"
