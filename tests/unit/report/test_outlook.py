"""What a dry run says of an analysis, against a study of which all is known."""

import re

import nibabel as nib
import numpy as np
import pytest

from conftest import REPO
from foretold import foretold, foretold_each
from kinds import written
from secondlevel.base.errors import InputError
from secondlevel.report.outlook import sample_of
from settings import read_yaml
from study import AFFINE, SHAPE, config_of, people, write_maps, write_table


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


STUDY = {
    "datasets": {"own": {"participants": "participants.tsv", "maps": "maps/{participant_id}.nii.gz"}},
    "smoothing_fwhm": 5,
    "design": "age + group",
    "factors": {"group": "patient"},
    "contrasts": [{"name": "age", "weights": "age"}],
}


def lines_of(**given):
    """The lines of the study's outlook, with some keys of its config replaced."""
    return foretold({"analysis": "a"} | STUDY | given)


def test_a_sample_that_analyses_share_is_looked_at_once(folder):
    analyses = {"a": {}, "b": {"two_sided": True}, "c": {"exclude": ["sub-02"]}}
    told = foretold_each(STUDY | {"analyses": analyses})
    assert sample_of.cache_info().misses == 2
    assert [sum("left out by the config" in line for line in lines) for lines in told.values()] == [0, 0, 1]


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
        "Places of peaks: not named; if the maps are in MNI space, write tables: {atlas: aal}",
        "The column site of the table puts people into 3 groups of up to 4, which neither the design nor "
        "permutation.blocks names: add it to the design as a factor and shuffle within it (permutation.blocks: "
        "{variable: site, shuffle: within}), if sites differ in mean or variance. docs/designs.md has examples.",
        "Contrast age: t of +1 age",
        "  6 degrees of freedom; scheme permute; 362,880 distinct permutations, 1,000 at random used",
        "Contrast both: F of +1 age; +1 group[control]",
        "  6 degrees of freedom; scheme permute; 362,880 distinct permutations, 1,000 at random used",
        "Contrast less: t of +0.5 intercept -1 group[control]",
        "  6 degrees of freedom; scheme flip; 512 distinct permutations, all used",
    ]


def test_scaling_is_told(folder):
    ages = people(12)["age"].drop([2, 4])
    lines = lines_of(center=["age"], scale=["age"], scale_maps="global_mean")
    assert f"  age is divided by {ages.std():g}" in lines
    assert "Mask: background; smoothing: 5 mm; each map divided by its mean over the mask" in lines


def test_the_mean_of_each_map_is_a_variable_that_the_run_finds(folder):
    given = {"design": "age + map_mean", "factors": {}, "center": ["map_mean"], "map_mean": "mask"}
    lines = lines_of(**given)
    assert "Design: 10 subjects, columns intercept, age, map_mean" in lines
    assert [line for line in lines if "map_mean is" in line] == [
        "  map_mean is the mean of each map over background, which the run finds"
    ]
    with pytest.raises(InputError, match="participants.tsv has no column 'map_mean'"):
        lines_of(**given | {"map_mean": None})
    write_table(folder / "participants.tsv", people(12).assign(map_mean=1.5))
    with pytest.raises(
        InputError, match="participants.tsv has a column 'map_mean', and the config key 'map_mean' asks"
    ):
        lines_of(**given)


def test_few_shuffles_are_all_used_and_blocks_and_sides_count(folder):
    mean = {"design": "1", "factors": {}, "contrasts": [{"name": "mean", "weights": "intercept"}], "two_sided": True}
    # Those without an age can stay, since nobody asks for it.
    assert lines_of(**mean)[-2:] == [
        "Contrast mean: t, two-sided of +1 intercept",
        "  10 degrees of freedom; scheme flip; 2,048 distinct permutations, 1,000 at random used",
    ]
    blocks = {"blocks": {"variable": "site", "shuffle": "whole"}, "scheme": "flip"}
    assert lines_of(**mean, permutation=blocks)[-2:] == [
        "  10 degrees of freedom; scheme flip; 8 distinct permutations, all used",
        "  one sign for each block of site, 3 in all",
    ]


def test_where_smiths_scheme_would_be_much_faster_it_is_told(folder):
    """By products: one for each row of the contrast, and by default one more for each column that a shuffle moves."""
    table = people(12)
    table[[f"x{number}" for number in range(4)]] = np.random.default_rng(0).normal(size=(12, 4))
    write_table(folder / "participants.tsv", table)
    wide = {"design": "age + x0 + x1 + x2 + x3", "factors": {}, "clusters": None, "tfce": None, "discoveries": None}
    (told,) = [line for line in lines_of(**wide) if "smith" in line]
    assert told.startswith("  each shuffle moves 4 columns of nuisance; with permutation.nuisance: smith the ")
    assert told.endswith(" would be about 5 times as fast")
    for without in (
        {"permutation": {"nuisance": "smith"}},
        {"permutation": {"statistic": {"welch": "site"}}},
        {"tfce": {"statistic": "t"}},  # next to which products take little
        {"design": "age + x0 + x1", "contrasts": [{"name": "age", "weights": "age"}]},
        {"contrasts": [{"name": "both", "weights": ["age", "x0"]}]},
    ):
        assert not [line for line in lines_of(**wide | without) if "smith" in line], without


def test_a_statistic_without_a_known_distribution_has_no_degrees_of_freedom(folder):
    for statistic, scheme in (({"cluster_robust": "site"}, "flip"), ({"pseudo_t": 8}, "permute")):
        lines = lines_of(permutation={"statistic": statistic}, clusters={"threshold": "t > 3"})
        (line,) = [line for line in lines if "distinct permutations" in line]
        assert line.startswith(f"  p by permutation alone; scheme {scheme}; ")


def test_unlike_grids_are_told_with_what_to_do(folder):
    warning = "Unlike grids are refused: set resample_to, or exclude some"
    assert warning not in lines_of()
    nib.save(nib.Nifti1Image(np.ones((4, 4, 4), np.float32), AFFINE), folder / "maps" / "sub-04.nii.gz")
    assert warning in lines_of()
    (folder / "maps" / "sub-06.nii.gz").write_text("no image")
    lines = lines_of()
    assert "Maps of 4 x 4 x 4 voxels of 3 x 3 x 3 mm from (12, -12, -12): sub-04" in lines
    assert "12 rows in participants.tsv: 9 kept, 3 left out" in lines
    assert any(line.startswith("  sub-06: The file maps/sub-06.nii.gz is not an image") for line in lines)
    nib.save(nib.Nifti1Image(np.ones(SHAPE, np.float32), AFFINE), folder / "grid.nii")
    lines = lines_of(resample_to="grid.nii")
    assert "All are resampled to the grid of grid.nii" in lines
    assert not any("refused" in line for line in lines)


def test_who_has_no_map_that_can_be_read_is_left_out_in_the_dry_run_too(folder):
    for subject in ("sub-06", "sub-07"):
        nib.save(nib.Nifti1Image(np.ones((*SHAPE, 2), np.float32), AFFINE), folder / "maps" / f"{subject}.nii.gz")
    whole = (folder / "maps" / "sub-08.nii.gz").read_bytes()
    (folder / "maps" / "sub-08.nii.gz").write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    lost = nib.Nifti1Image(np.ones(SHAPE, np.float32), None)
    lost.header["qform_code"] = lost.header["sform_code"] = 0
    nib.save(lost, folder / "maps" / "sub-09.nii.gz")
    lines = lines_of(resample_to="maps/sub-01.nii.gz")
    assert "12 rows in participants.tsv: 8 kept, 4 left out" in lines
    assert any(
        line.startswith("  sub-06, sub-07: The image maps/sub-06.nii.gz has shape (10, 9, 8, 2)") for line in lines
    )
    assert any("do not say how their axes lie" in line and "sub-09" in line for line in lines)
    (folder / "maps" / "sub-09.nii.gz").unlink()
    (damaged,) = [line for line in lines_of() if line.startswith("The run will leave out one more")]
    assert "sub-08.nii.gz is broken or cut short" in damaged


def test_who_lacks_a_file_that_belongs_to_the_map_is_left_out_in_the_dry_run_too(folder):
    """Files that are not there, are no image, or do not fit: as the run, whose words they are."""
    keys = {"maps_masks": "mask", "variances": "variance"}
    for name in keys.values():
        for subject in people(12)["participant_id"]:
            nib.save(nib.Nifti1Image(np.ones(SHAPE, np.float32), AFFINE), folder / f"{subject}_{name}.nii")
    (folder / "sub-01_mask.nii").unlink()
    (folder / "sub-06_mask.nii").unlink()
    (folder / "sub-04_variance.nii").write_text("no image")
    nib.save(nib.Nifti1Image(np.ones((4, 4, 4), np.float32), AFFINE), folder / "sub-08_variance.nii")
    own = {"participants": "participants.tsv", "maps": "maps/{participant_id}.nii.gz"}
    own |= {key: f"{{participant_id}}_{name}.nii" for key, name in keys.items()}
    study = {"datasets": {"own": own}, "smoothing_fwhm": 0}
    lines = lines_of(**study)
    assert "12 rows in participants.tsv: 6 kept, 6 left out" in lines
    assert "  sub-01, sub-06: its map mask sub-01_mask.nii is not there" in lines
    assert any(line.startswith("  sub-04: The file sub-04_variance.nii is not an image") for line in lines)
    (unlike,) = [line for line in lines if line.startswith("  sub-08: ")]
    assert "sub-08_variance.nii is not on the grid of the map that it belongs to: it has 4 x 4 x 4" in unlike
    assert "Design: 6 subjects, columns intercept, age, group[control]" in lines
    fitting = lines_of(**study, resample_to="maps/sub-01.nii.gz")  # then no grid of their own counts
    assert "12 rows in participants.tsv: 7 kept, 5 left out" in fitting
    with pytest.raises(InputError, match="'mask.nonzero': voxels must not be 0 in 7 maps, and only 6 are kept"):
        lines_of(**study, mask={"nonzero": 7})
    for files, why in [
        ("maps/{participant_id}.nii.gz", "maps/sub-01.nii.gz is a map, that of sub-01, and a map variance, too"),
        ("site_of/{site}.nii", "one file is the map variance of sub-01, sub-04"),
    ]:
        (folder / "site_of").mkdir(exist_ok=True)
        for site in set(people(12)["site"]):
            nib.save(nib.Nifti1Image(np.ones(SHAPE, np.float32), AFFINE), folder / "site_of" / f"{site}.nii")
        with pytest.raises(InputError, match=why):
            lines_of(**study | {"datasets": {"own": own | {"maps_masks": None, "variances": files}}})
    for path in folder.glob("*_mask.nii"):
        path.unlink()
    with pytest.raises(InputError, match="no subject can be kept, for its map mask sub-01_mask.nii is not there"):
        lines_of(**study)


def test_what_cannot_run_is_an_error_and_so_is_a_sample_of_nobody(folder):
    with pytest.raises(InputError, match="column 'group' is not a number"):
        lines_of(factors={})
    with pytest.raises(InputError, match="Contrast 'age': cannot read 'agee'"):
        lines_of(contrasts=[{"name": "age", "weights": "agee"}])
    with pytest.raises(InputError, match="allows no shuffle"):
        lines_of(design="1", factors={}, contrasts=[{"name": "m", "weights": [1]}], permutation={"scheme": "permute"})
    everybody = [f"sub-{number:02}" for number in range(1, 13)]
    with pytest.raises(InputError, match="participants.tsv: no subject can be kept, for left out by the config and"):
        lines_of(exclude=everybody)


@pytest.mark.parametrize(
    ("maps", "words"),
    [
        ("nowhere/{participant_id}.nii.gz", "the first path that was tried is nowhere/sub-01.nii.gz; correct"),
        ("maps/{participant_id}_{group}.nii", "the first path that was tried is maps/sub-01_control.nii; correct"),
        ("file", "the first path that was tried is other/sub-02.nii; correct the config key 'datasets.own.maps', or"),
        ("none", "the columns that config key 'datasets.own.maps' names hold no path for anybody in participants.tsv"),
        (
            {"folder": "maps", "task": "rest", "suffix": "cope"},
            "no file fits sub-01 and folder maps, task rest, suffix",
        ),
    ],
)
def test_where_no_map_is_there_the_place_that_was_looked_at_is_told(folder, maps, words):
    table = people(12).assign(file=[None, *["other/sub-02.nii"] * 11], none=None)
    write_table(folder / "participants.tsv", table)
    with pytest.raises(InputError, match=re.escape(f"No map is found: {words}")):
        lines_of(datasets={"own": {"participants": "participants.tsv", "maps": maps}})


def test_maps_of_a_dataset_that_are_not_there_yet_are_promised(folder):
    write_table(folder / "sample.tsv", people(12).assign(map="maps/none.nii.gz"))
    lines = lines_of(dataset="localizer")
    assert lines[-1] == "The maps of the dataset localizer will be downloaded first; then a dry run says more."


def test_an_atlas_is_looked_at(folder):
    (folder / "atlas.nii").touch()
    (folder / "atlas.tsv").write_text("index\tname\n1\tinsula\n1.5\tamygdala\n")
    with pytest.raises(InputError, match="atlas.tsv: the column 'index' must hold whole numbers"):
        lines_of(tables={"atlas": {"image": "atlas.nii", "labels": "atlas.tsv"}})


def test_it_is_told_what_names_the_places(folder):
    assert "Places of peaks: named by the atlas aal" in lines_of(space="MNI152Lin")
    assert "Places of peaks: named by the atlas schaefer-200" in lines_of(tables={"atlas": "schaefer-200"})
    mask = nib.Nifti1Image(np.ones((4, 4, 4), np.uint8), np.eye(4))
    mask.set_sform(np.eye(4), 2)
    nib.save(mask, folder / "atlas.nii")
    (folder / "atlas.tsv").write_text("index\tname\n1\tinsula\n")
    files = {"image": "atlas.nii", "labels": "atlas.tsv"}
    assert "Places of peaks: named by atlas.nii" in lines_of(tables={"atlas": files})


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


def rewritten(folder, subjects, change):
    """Change the maps of some subjects, by a function that takes their data."""
    for subject in subjects:
        path = folder / "maps" / f"{subject}.nii.gz"
        data = nib.load(path).get_fdata(dtype=np.float32)
        change(data)
        nib.save(nib.Nifti1Image(data, AFFINE), path)


def blank_slices(data):
    data[:, :, :4] = 0


def test_zeros_in_some_maps_and_backgrounds_are_told(folder):
    rewritten(folder, ["sub-01", "sub-08"], blank_slices)
    (zeros,) = [line for line in lines_of() if "exactly 0" in line]
    assert zeros.startswith("60 of 120 voxels (50 %) are exactly 0 in some of 10 maps")
    assert "zeros: missing" in zeros
    for known in ("missing", "value"):
        assert not any("exactly 0" in line for line in lines_of(zeros=known))

    def filled(data):
        data[data == 0] = -1000

    rewritten(folder, ["sub-04"], filled)
    assert any(line.startswith("The background of 1 of 10 maps is -1000") for line in lines_of())


@pytest.fixture
def twice(folder):
    """The same folder with 10 people who were seen twice."""
    rows = people(20)[["group", "age"]].assign(
        subject=np.repeat([f"p{number}" for number in range(10)], 2), session=["a", "b"] * 10
    )
    rows["group"] = np.repeat(np.where(np.arange(10) < 4, "pat", "con"), 2)
    write_table(folder / "twice.tsv", rows)
    write_maps(folder, rows, "maps/{subject}_{session}.nii.gz")
    return {"datasets": {"own": {"participants": "twice.tsv", "id": ["subject", "session"], "maps": MAPS}}}


MAPS = "maps/{subject}_{session}.nii.gz"
SEEN_TWICE = {
    "design": "group + session",
    "factors": {"group": "con", "session": "a"},
    "contrasts": [{"name": "a", "weights": "group[pat]"}],
}


def blocks(shuffle):
    return {"permutation": {"blocks": {"variable": "subject", "shuffle": shuffle}}}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (blocks("within"), "100 % of its effect lies between the blocks and 0 % inside them"),
        (
            blocks("within") | {"design": "group * session"},
            "50 % of its effect lies between the blocks and 50 % inside",
        ),
        (
            blocks("within") | {"design": "1", "factors": {}, "contrasts": [{"name": "a", "weights": "intercept"}]},
            "100 % of its effect lies between the blocks and 0 % inside them, and turning signs row by row",
        ),
        (
            blocks("whole") | {"contrasts": [{"name": "a", "weights": "session[b]"}]},
            "moving whole blocks of subject: its effect, or a part of it, is the same in all blocks of a size",
        ),
    ],
)
def test_shuffles_that_cannot_test_a_contrast_are_refused_with_the_shares(twice, change, words):
    with pytest.raises(InputError, match="Contrast 'a' cannot be tested") as refused:
        lines_of(**twice | SEEN_TWICE | change)
    assert words in str(refused.value)


def test_shuffles_that_can_say_what_they_move_and_people_are_counted_apart(twice):
    lines = lines_of(**twice | SEEN_TWICE | blocks("whole"))
    assert "Design: 20 maps of 10 people, columns intercept, group[pat], session[b]" in lines
    assert lines[-1] == "  the shuffles move 100 % of the effect"
    assert any("shuffled in whole blocks of subject: only the permutation heeds them" in line for line in lines)
    paired = {"design": "session + subject", "contrasts": [{"name": "a", "weights": "session[b]"}]}
    lines = lines_of(**twice | SEEN_TWICE | {"factors": {"session": "a", "subject": None}} | paired | blocks("within"))
    assert lines[-1] == "  0 % of the effect lies between the blocks, 100 % inside them, where the shuffles are"
    lines = lines_of(**twice | SEEN_TWICE)
    assert any(line.startswith("20 maps of 10 people: maps of one person are alike") for line in lines)


def test_columns_that_others_hold_are_told_and_a_contrast_of_them_cannot_run(folder):
    table = people(12)
    table["pair"] = table["group"] + (table.index // 4).astype(str)
    write_maps(folder, table)
    write_table(folder / "participants.tsv", table)
    nested = {"design": "group + pair + age", "factors": {"group": None, "pair": None}}
    lines = lines_of(**nested)
    assert (
        "  The column group[patient] is left out of the design, and no contrast weighs it: it is a linear combination "
        "of pair[patient0], pair[patient1] and pair[patient2]."
    ) in lines
    with pytest.raises(InputError, match="Contrast 'g' weighs group.patient., which the 12 kept subjects cannot tell"):
        lines_of(**nested, contrasts=[{"name": "g", "weights": "group[patient]"}])


def test_the_tree_of_blocks_is_drawn_in_words(twice):
    levels = [{"variable": "group", "shuffle": "within"}, {"variable": "subject", "shuffle": "whole"}]
    nested = twice | {"design": "group + age", "factors": {"group": "con"}, "permutation": {"blocks": levels}}
    lines = lines_of(**nested)
    assert (
        "  2 blocks of group: inside each, 4 or 6 of subject, of 2 rows, take each other's place; rows stay in order"
        in lines
    )
    (rows,) = [line for line in lines if "only the permutation heeds" in line]
    assert "shuffled within the blocks of group and in whole blocks of subject" in rows
    levels[1] = {"variable": "session", "shuffle": "within"}
    with pytest.raises(InputError, match="Contrast 'age' .* within the blocks of session"):
        lines_of(**nested)
    levels += [{"variable": "subject", "shuffle": "within"}]
    with pytest.raises(InputError, match="those of session stay where they are; .*each of subject holds a single row"):
        lines_of(**nested)


@pytest.mark.parametrize(
    ("form", "grid"),
    [
        ("two dimensions", "Maps of 6 x 4 pixels of 3 x 3 from (12, -12): sub-01"),
        ("table, pattern", "Maps of 5 parcels: sub-01"),
        ("relmat with header", "Maps of 6 nodes and 15 edges: sub-01"),
    ],
)
def test_maps_without_a_brain_are_told_in_their_own_words(tmp_path, monkeypatch, form, grid):
    monkeypatch.chdir(tmp_path)
    own, *_ = written(form, tmp_path, 6)
    lines = foretold(config_of(own=own, design="age", contrasts=[{"name": "age", "weights": "age"}]))
    assert any(line.strip().startswith(grid) for line in lines)
    assert "Places of peaks: told by the maps' own names" in lines
    assert not any(word in line for line in lines for word in ("voxel", "MNI", "mm from"))
