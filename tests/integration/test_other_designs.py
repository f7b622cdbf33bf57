"""One design in three forms, as files of FSL, as a BIDS Stats Model and by hand: runs end in the same bytes."""

import json

import pytest

from conftest import snakemake
from study import config, people, write_maps, write_table
from vest import write_con, write_vest

MODEL = {
    "Name": "groups",
    "BIDSModelVersion": "1.0.0",
    "Nodes": [
        {
            "Level": "Dataset",
            "Name": "group",
            "GroupBy": [],
            "Transformations": {
                "Transformer": "pybids-transforms-v1",
                "Instructions": [{"Name": "Factor", "Input": ["group"]}],
            },
            "Model": {"Type": "glm", "X": [1, "age", "group.patient"]},
            "Contrasts": [
                {"Name": "age", "ConditionList": ["age"], "Weights": [1], "Test": "t"},
                {"Name": "any", "ConditionList": ["age", "group.patient"], "Weights": [[1, 0], [0, 1]], "Test": "F"},
            ],
        }
    ],
}
CONTRASTS = [{"name": "age", "weights": "age"}, {"name": "any", "weights": ["age", "group[patient]"]}]
FORMS = {
    "by_hand": {"design": "age + group", "factors": {"group": "control"}, "contrasts": CONTRASTS},
    "model": {"model": "model-groups_smdl.json"},
    "fsl": {"design": {"fsl": {"mat": "design.mat", "con": "design.con", "fts": "design.fts", "rows": "ids.txt"}}},
}
FILES = ["contrast-age_stat-t_statmap.nii.gz", "contrast-any_stat-F_statmap.nii.gz"]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A folder in which all forms have been analysed, and the arguments that ask for it."""
    folder = tmp_path_factory.mktemp("designs")
    write_maps(folder, people())
    (folder / "maps" / "sub-07.nii.gz").unlink()
    write_table(folder / "participants.tsv", people())
    rows = people().sample(frac=1, random_state=2)
    write_vest(
        folder / "design.mat",
        [(1, age, int(g == "patient")) for age, g in zip(rows["age"], rows["group"], strict=True)],
    )
    write_con(folder / "design.con", [[0, 1, 0], [0, 0, 1]], ["age", "patient"])
    write_con(folder / "design.fts", [[1, 1]], ["any"])
    (folder / "ids.txt").write_text("\n".join(rows["participant_id"]))
    (folder / "model-groups_smdl.json").write_text(json.dumps(MODEL))
    call = (*config(folder, analyses=FORMS), "--", *(f"results/{form}/{file}" for form in FORMS for file in FILES))
    snakemake(folder, *call)
    return folder, call


@pytest.mark.parametrize("form", ["model", "fsl"])
def test_all_forms_end_in_the_same_bytes(study, form):
    results = study[0] / "results"
    for name in ("design.tsv", "contrasts.tsv"):
        (_, *found), (_, *expected) = ((results / one / name).read_text().splitlines() for one in (form, "by_hand"))
        # FSL has a t contrast for each row of its F.
        assert [line for line in found if not line.startswith("patient\t")] == expected
    for name in FILES:
        assert (results / form / name).read_bytes() == (results / "by_hand" / name).read_bytes()


def test_a_file_that_changes_makes_run_again_what_follows_from_it(study):
    folder, call = study
    assert "Nothing to be done" in snakemake(folder, "-n", *call)
    node = MODEL["Nodes"][0]
    turned = [node["Contrasts"][0] | {"Weights": [-1]}, node["Contrasts"][1]]
    (folder / "model-groups_smdl.json").write_text(json.dumps(MODEL | {"Nodes": [node | {"Contrasts": turned}]}))
    lines = (folder / "design.mat").read_text().splitlines()
    (folder / "design.mat").write_text("\n".join([*lines[:-1], "1 50 1"]))
    printed = snakemake(folder, "-n", "--printshellcmds", *call)  # Snakemake's own words, of each job
    assert "build the design of model" in printed
    assert "check every subject and map of model" not in printed
    assert "check every subject and map of fsl" in printed
    assert "of by_hand" not in printed
