"""A study whose maps lack values and have variances, from files to maps, against statsmodels at a voxel with holes."""

import nibabel as nib
import numpy as np
import statsmodels.api as sm

from conftest import snakemake
from study import AFFINE, INSIDE, config, people, write_maps, write_table


def save(folder, name, table, volumes):
    """Write a volume for each row."""
    for subject, volume in zip(table["participant_id"], volumes, strict=True):
        nib.save(nib.Nifti1Image(volume.astype(np.float32), AFFINE), folder / "maps" / f"{subject}_{name}.nii.gz")


def test_voxels_that_some_lack_are_fitted_to_the_others_with_their_variances(tmp_path):
    table, rng = people(), np.random.default_rng(3)
    write_table(tmp_path / "participants.tsv", table)
    values = write_maps(tmp_path, table)
    masks = np.ones((len(table), *INSIDE.shape))
    masks[:5, :, :, :4] = 0  # five lack the lower part
    masks[::2, 4, 4, 5] = 0  # nobody of a group has this voxel
    save(tmp_path, "mask", table, masks)
    variances = rng.exponential(2, masks.shape) + 0.05
    save(tmp_path, "variance", table, variances)
    own = {
        key: f"maps/{{participant_id}}_{name}.nii.gz"
        for key, name in [("maps_masks", "mask"), ("variances", "variance")]
    }
    snakemake(
        tmp_path,
        *config(
            tmp_path,
            own=own,
            design="age + group + map_mean",
            map_mean="mask",
            factors={"group": None},
            contrasts=[{"name": "age", "weights": "age"}],
            coverage={"subjects": 0.4},
            scale_maps="global_mean",
        ),
    )
    results = tmp_path / "results" / "a"

    def read(name):
        return nib.load(results / f"{name}_statmap.nii.gz").get_fdata()

    n, tau2 = read("stat-n"), read("stat-tau2")
    assert n[4, 4, 3] == 19
    assert n[4, 4, 4] == 24
    assert n[4, 4, 5] == 0  # not analysed, though 12 of 24 have it
    there, place = masks[:, 4, 4, 3] > 0, (slice(None), 4, 4, 3)
    volumes = np.zeros(masks.shape)
    volumes[:, INSIDE] = values
    level = [volume[INSIDE & (mask > 0)].mean() for volume, mask in zip(volumes, masks, strict=True)]
    design = sm.add_constant(np.column_stack([table["age"], table["group"] == "patient", level]).astype(float))
    means = np.array([volume[(mask > 0) & (n > 0)].mean() for volume, mask in zip(volumes, masks, strict=True)])
    weights = 1 / (variances[place].astype(np.float32) / means**2 + tau2[4, 4, 3])
    model = sm.WLS((volumes[place] / means)[there], design[there], weights=weights[there]).fit()
    assert np.isclose(read("contrast-age_stat-t")[4, 4, 3], model.tvalues[1], rtol=1e-4)
    assert np.isclose(read("contrast-age_stat-effect")[4, 4, 3], model.params[1], rtol=1e-4)
    assert (results / "figures" / "values.png").is_file()
    report = (results / "report.html").read_text()
    assert "have values of some subjects only" in report
    assert "Each map was divided by its mean over the analysed voxels." in report
    assert "The variable map_mean was the mean of each map, before smoothing, over the analysed voxels." in report
