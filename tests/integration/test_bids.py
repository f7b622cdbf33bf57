"""Results are datasets of BIDS derivatives, by the validator of BIDS."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from secondlevel.base.columns import read_rows
from secondlevel.base.files import read_json

VALIDATOR = Path(sys.executable).with_name("bids-validator-deno")
needs_validator = pytest.mark.skipif(not VALIDATOR.is_file(), reason="bids-validator-deno is not installed here")
RUNS = {"default_run": "results/simulated_localizer", "small_run": "results/a"}


def complaints(folder):
    """The errors that the validator finds, and the files that it looks at."""
    done = subprocess.run([VALIDATOR, "--format", "json", folder], capture_output=True, text=True, timeout=300)
    found = json.loads(done.stdout)
    errors = [(i["code"], i["location"]) for i in found["issues"]["issues"] if i["severity"] == "error"]
    return errors, found["summary"]["totalFiles"]


@needs_validator
@pytest.mark.parametrize("run", RUNS)
def test_the_validator_of_bids_has_no_complaint(request, run):
    folder = request.getfixturevalue(run) / RUNS[run]
    assert complaints(folder) == ([], 4)  # description, README, mask and what is told of it


@needs_validator
def test_the_validator_would_complain(small_run, tmp_path):
    """Of a result that is not in .bidsignore, of a source that is no list, and of a mask that is none."""
    results = small_run / RUNS["small_run"]
    for name in ("dataset_description.json", "README.md", ".bidsignore", "mask.nii.gz", "mask.json"):
        shutil.copy(results / name, tmp_path)
    assert complaints(tmp_path)[0] == []
    (tmp_path / "new_result.json").write_text("{}")
    (tmp_path / "mask.nii.gz").write_bytes(b"no image")
    description = read_json(tmp_path / "dataset_description.json") | {"SourceDatasets": "my maps"}
    (tmp_path / "dataset_description.json").write_text(json.dumps(description))
    found = {location for _, location in complaints(tmp_path)[0]}
    assert found == {"/new_result.json", "/mask.nii.gz", "/dataset_description.json"}


@pytest.mark.parametrize(
    ("run", "source", "people", "modality"),
    [
        ("default_run", "../../resources/simulated_localizer/maps", "89", "Other"),
        ("small_run", "../../maps", "24", "n/a"),
    ],
)
def test_descriptions_tell_the_source_and_neurovault_every_map(request, run, source, people, modality):
    results = request.getfixturevalue(run) / RUNS[run]
    description = read_json(results / "dataset_description.json")
    assert description["Name"].startswith(Path(RUNS[run]).name)
    assert (description["DatasetType"], description["BIDSVersion"][:2]) == ("derivative", "1.")
    assert description["SourceDatasets"] == [{"URL": source}]
    assert (results / source).is_dir()
    (made_by,) = description["GeneratedBy"]
    record = read_json(results / "provenance.json")
    assert (made_by["Name"], made_by["Version"]) == ("secondlevel", record["software"]["secondlevel"])
    assert {"README.md", ".bidsignore", "dataset_description.json", "neurovault.tsv"} <= record["outputs"].keys()
    rows = read_rows(results / "neurovault.tsv")
    assert {row["file"] for row in rows} == {path.name for path in results.glob("*_statmap.nii.gz")}
    assert {(row["number_of_subjects"], row["modality"], row["analysis_level"]) for row in rows} == {
        (people, modality, "group")
    }
    thresholded = {row["file"] for row in rows if row["is_thresholded"] == "true"}
    assert thresholded == {path.name for path in results.glob("*_stat-z_desc-*_statmap.nii.gz")} != set()
