"""A newcomer: from a clone to the report of a study of groups, by the commands that are printed, without an edit."""

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
import yaml

from conftest import REPO
from secondlevel.report.provenance import read_record
from study import AFFINE, INSIDE, people, write_maps, write_table

MAPS = "{participant_id}/func/{participant_id}_task-faces_contrast-fear_stat-%s_statmap.nii.gz"


@pytest.fixture
def clone(tmp_path):
    """The project's files as a clone has them, those of its folder that are not committed yet among them."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False).stdout
    if not listed:
        pytest.skip("this folder is not a repository of git")
    for name in filter(None, listed.split("\0")):
        if (REPO / name).is_file():
            (tmp_path / "clone" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPO / name, tmp_path / "clone" / name)
    (tmp_path / "clone" / ".venv").symlink_to(sys.prefix)  # what `make` would install
    return tmp_path / "clone"


def write_bids(folder):
    """A BIDS dataset with derivatives: 24 maps of an effect, in which patients are above controls, and as many of t."""
    folder.mkdir()
    (folder / "dataset_description.json").write_text(json.dumps({"Name": "fear", "BIDSVersion": "1.9.0"}))
    table = people(24).assign(sex=np.tile(["F", "F", "M", "M"], 6)).drop(columns=["site", "reading score"])
    write_table(folder / "participants.tsv", table)
    for stat in ("effect", "t"):
        write_maps(folder, table, f"derivatives/first level/{MAPS % stat}")
    for patient in table["participant_id"][table["group"] == "patient"]:
        path = folder / "derivatives" / "first level" / (MAPS % "effect").format(participant_id=patient)
        image = nib.load(path)
        nib.save(nib.Nifti1Image(image.get_fdata(dtype=np.float32) + 4 * INSIDE, AFFINE), path)


def called(command, folder):
    """What a command prints that is to end well."""
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=900)
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_a_newcomer_comes_from_a_clone_to_a_report(clone, tmp_path):
    study = tmp_path / "My study"
    write_bids(study)
    make = ["make", "--no-print-directory", "--assume-old", ".venv/bin/.ready"]
    given = [f"NAME={study}/fear of groups", f"MAPS={study}/derivatives/", f"TABLE={study}/participants.tsv"]
    printed = called([*make, "new-study", *given], clone)
    assert "24 rows in participants.tsv: 24 kept, 0 left out" in printed
    assert "Contrast patientVsControl: t, two-sided of +1 group[patient]" in printed
    config = study / "fear_of_groups.yaml"
    assert yaml.safe_load(config.read_text())["design"] == "group + age + sex"
    # The last line is the command that runs it, as it is.
    command = shlex.split(printed.splitlines()[-1].replace("--cores all", "--cores 2"))
    assert command[:3] == [".venv/bin/snakemake", "--cores", "2"]
    # Each chunk would compile the kernels, in a new clone.
    printed = called([*command, "--set-scatter", "permutations=1"], clone)
    assert "fear_of_groups, patientVsControl: " in printed
    report = study / "results" / "fear_of_groups" / "report.html"
    assert "patient above control" in report.read_text().casefold()
    # Nothing lands in the clone, whose make still knows the study.
    assert [path.name for path in (clone / "results").iterdir()] == [".gitkeep"]
    inputs = read_record(report.with_name("provenance.json"))["inputs"]
    assert {Path(path).parts[0] for path in inputs} == {"participants.tsv", "derivatives"}
    assert "results are as recorded" in called(["make", "verify", f"DIRECTORY={study}"], clone)
