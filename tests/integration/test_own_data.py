"""Maps and tables as users have them."""

import json

import nibabel as nib
import numpy as np
import pandas as pd

from conftest import REPO, snakemake
from secondlevel.space.images import Mask, read_map
from study import AFFINE, INSIDE, SHAPE, config, people, write_maps, write_table

AGE = {"design": "age", "contrasts": [{"name": "age", "weights": "age"}]}
FILES = ("results/a/design.tsv", "results/a/maps.npy", "results/a/contrast-age_stat-t_statmap.nii.gz")


def rewrite(folder, subject, write):
    """Replace a subject's map by what `write` makes of its data."""
    path = folder / "maps" / f"{subject}.nii.gz"
    data = nib.load(path).get_fdata(dtype=np.float32)
    path.unlink()
    write(data, str(path))


def test_formats_orientations_and_odd_tables_make_no_difference(tmp_path):
    plain, odd = tmp_path / "plain", tmp_path / "odd"
    table = people(12)
    table.loc[3, "participant_id"] = "sub-Åsa Müller"
    for folder in (plain, odd):
        folder.mkdir()
        write_maps(folder, table)
    write_table(plain / "participants.tsv", table)
    # Windows line ends, a byte order mark, IDs without sub-, another order, empty cells for n/a.
    other = table.iloc[::-1].assign(participant_id=table["participant_id"].str.removeprefix("sub-"))
    other = pd.concat([other, pd.DataFrame({"participant_id": ["empty"], "group": ["patient"]})])
    (odd / "participants.tsv").write_bytes(
        b"\xef\xbb\xbf" + other.to_csv(sep="\t", index=False, lineterminator="\r\n").encode()
    )
    rewrite(odd, "sub-01", lambda data, path: nib.save(nib.Nifti2Image(data, AFFINE), path))
    rewrite(odd, "sub-02", lambda data, path: nib.save(nib.Nifti1Image(data[..., None], AFFINE), path))
    for folder in (plain, odd):
        snakemake(folder, *config(folder, **AGE), "--", *FILES)
    left, right = (
        pd.read_csv(folder / "results/a/design.tsv", sep="\t").assign(
            participant_id=lambda frame: frame["participant_id"].str.removeprefix("sub-")
        )
        for folder in (plain, odd)
    )
    assert list(right["participant_id"]) == list(left["participant_id"][::-1])
    np.testing.assert_array_equal(right["age"], left["age"][::-1])
    maps = [np.load(folder / "results/a/maps.npy") for folder in (plain, odd)]
    np.testing.assert_array_equal(maps[1], maps[0][::-1])
    excluded = pd.read_csv(odd / "results/a/excluded.tsv", sep="\t")
    assert list(excluded["participant_id"]) == ["empty"]
    assert excluded["reason"][0].startswith("missing value of age")


def test_maps_are_found_by_entities_by_a_column_and_as_pairs(tmp_path):
    table = people(8)
    name = "bids/{participant_id}/{participant_id}_task-x_contrast-faces_stat-effect_statmap.nii.gz"
    values = write_maps(tmp_path, table, name)
    write_maps(tmp_path, table, name.replace("effect", "t"), seed=5)
    (tmp_path / "pairs").mkdir()
    for subject in table["participant_id"]:
        image = nib.load(tmp_path / name.format(participant_id=subject))
        nib.save(nib.Spm99AnalyzeImage(np.asarray(image.dataobj), AFFINE), tmp_path / "pairs" / f"{subject}.img")
    table["image"] = [name.format(participant_id=subject) for subject in table["participant_id"]]
    write_table(tmp_path / "participants.tsv", table)
    forms = {
        "entities": {"folder": "bids", "contrast": "faces", "stat": "effect"},
        "pairs": "pairs/{participant_id}.img",
        "column": "image",
    }
    analyses = {form: {"datasets": {"own": {"maps": maps}}} for form, maps in forms.items()}
    snakemake(tmp_path, *config(tmp_path, **AGE, analyses=analyses), "--", *(f"results/{f}/maps.npy" for f in forms))
    for form in forms:
        # Voxels of an Analyze image may be stored from the other side.
        found = np.load(tmp_path / f"results/{form}/maps.npy")
        np.testing.assert_array_equal(np.sort(found, axis=1), np.sort(values, axis=1))


def test_unlike_grids_are_resampled_when_asked_for(tmp_path):
    table = people(8)
    write_maps(tmp_path, table)
    write_table(tmp_path / "participants.tsv", table)
    smooth = np.fromfunction(lambda x, y, z: 5 + 0.1 * x - 0.2 * y + 0.05 * z, SHAPE).astype(np.float32)
    nib.save(nib.Nifti1Image(np.where(INSIDE, smooth, 0), AFFINE), tmp_path / "reference.nii.gz")
    # The same places, with the first axis the other way round: nothing is interpolated.
    turned = AFFINE @ np.array([[-1.0, 0, 0, SHAPE[0] - 1], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    rewrite(tmp_path, "sub-03", lambda data, path: nib.save(nib.Nifti1Image(data[::-1], turned), path))
    before = nib.load(tmp_path / "maps" / "sub-03.nii.gz").get_fdata(dtype=np.float32)[::-1]
    snakemake(tmp_path, *config(tmp_path, **AGE, resample_to="reference.nii.gz"), "--", *FILES)
    mask = Mask.read(tmp_path / "results/a/mask.nii.gz")
    np.testing.assert_array_equal(mask.inside, INSIDE)
    np.testing.assert_allclose(np.load(tmp_path / "results/a/maps.npy")[2], before[INSIDE], rtol=1e-5)


def test_a_dry_run_says_in_words_what_will_be_analysed(tmp_path):
    table = people(12)
    table.loc[4, "age"] = np.nan
    write_maps(tmp_path, table)
    write_maps(tmp_path, pd.DataFrame({"participant_id": ["sub-99"]}))
    (tmp_path / "maps" / "sub-07.nii.gz").unlink()
    write_table(tmp_path / "participants.tsv", table)
    contrasts = [{"name": "patients", "weights": "group[patient]"}, {"name": "age", "weights": "age"}]
    settings = config(
        tmp_path, design="group + age", factors={"group": "control"}, center=["age"], contrasts=contrasts,
        exclude=["sub-02"], smoothing_fwhm=6,
    )  # fmt: skip
    printed = snakemake(tmp_path, *settings, "--dry-run")
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
    ):
        assert words in printed
    assert not (tmp_path / "results").exists()
    printed = snakemake(tmp_path, *config(tmp_path, **AGE, exclude=["sub-77"]), "--dry-run", fails=True)
    assert "It cannot run: config key 'exclude' names sub-77, but there is no such subject" in printed
    printed = snakemake(tmp_path, *config(tmp_path, **AGE | {"design": "group"}), "--dry-run", fails=True)
    assert "It cannot run: participants.tsv: column 'group' is not a number for subject sub-01" in printed


def test_the_template_of_a_new_study_runs_as_it_is(tmp_path):
    """What docs/tutorial.md and `make new-study` start from."""
    table = people(12)[["participant_id", "age"]].assign(score=np.arange(12.0))
    write_table(tmp_path / "participants.tsv", table)
    name = "derivatives/{participant_id}/{participant_id}_contrast-mycontrast_stat-effect_statmap.nii.gz"
    write_maps(tmp_path, table, name)
    template = REPO / "config" / "new_study.yaml"
    printed = snakemake(tmp_path, "--configfile", template, "--dry-run")
    assert "12 rows in participants.tsv: 12 kept, 0 left out" in printed
    (tmp_path / "quick.yaml").write_text(json.dumps({"clusters": None, "tfce": None}))
    target = "results/my_study/contrast-score_stat-z_statmap.nii.gz"
    snakemake(tmp_path, "--configfile", template, tmp_path / "quick.yaml", "--", target)
    mask = Mask.read(tmp_path / "results/my_study/mask.nii.gz")
    z = read_map(tmp_path / "results/my_study/contrast-score_stat-z_statmap.nii.gz", mask)
    assert np.isfinite(z).all()
    about = json.loads((tmp_path / "results/my_study/design.json").read_text())
    assert about["columns"] == ["intercept", "score", "age"]
