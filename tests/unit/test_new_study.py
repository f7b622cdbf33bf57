"""`make new-study`: what is found of maps and tables of all kinds, and the config that is proposed for them."""

import os
import re
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from conftest import REPO
from example_study import make
from foretold import foretold
from new_study import main, place_of, seen_from
from secondlevel.base.errors import InputError
from secondlevel.datasets.own import read_study
from secondlevel.report.glimpse import looked_at
from secondlevel.space.gifti import write_mesh, write_values
from study import people, write_maps, write_table
from study_maps import maps_below, with_fields
from study_table import columns_of, id_columns_of, propose
from surfaces import TRIANGLES, VALUES, VERTICES

BIDS = "derivatives/{participant_id}/{participant_id}_task-x_contrast-%s_stat-%s_statmap.nii.gz"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder in which a study is to be."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def called(folder, monkeypatch, capsys):
    """A function that calls the tool in a folder, and gives what it prints and its exit code."""

    def call(*arguments):
        monkeypatch.chdir(folder)
        looked_at.cache_clear()
        with pytest.raises(SystemExit) as end:
            main(list(map(str, arguments)))
        printed = capsys.readouterr()
        return printed.out + printed.err, int(end.value.code or 0)

    return call


def ways_of(ids, *names, **columns):
    """The ways to name maps for a table of some IDs, below a folder with files of some names for each row."""
    table = pd.DataFrame({"participant_id": ids} | columns)
    write_table("table.tsv", table)
    for name in names:
        for _, row in table.iterrows():
            path = Path("maps", name.format(**row, bare=row["participant_id"].removeprefix("sub-")))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    id_columns = ["participant_id", *columns]
    return maps_below("maps", read_study("table.tsv", id_columns), "table.tsv", id_columns)


def ways_with(ids, names):
    """The ways for some IDs where files of some names lie."""
    Path("maps").mkdir(exist_ok=True)
    for name in names:
        Path("maps", name).touch()
    return ways_of(ids)


# How maps lie, by their ID with and without sub-, and how the config is to name them.
LAYOUTS = {
    "one folder": ("{participant_id}.nii.gz", "maps/{participant_id}.nii.gz"),
    "folders": ("{participant_id}/con_0001.nii", "maps/{participant_id}/con_0001.nii"),
    "an ID twice": ("{participant_id}/c_{participant_id}.img", "maps/{participant_id}/c_{participant_id}.img"),
    "another ID twice": ("{participant_id}/x{bare}.nii", "maps/sub-{participant_id}/x{participant_id}.nii"),
    "letters before": ("mwp1{participant_id}_T1w.nii", "maps/mwp1{participant_id}_T1w.nii"),
    "BIDS": (
        "{participant_id}/func/{participant_id}_run-01_contrast-a_stat-effect_statmap.nii.gz",
        {"folder": "maps", "run": "1", "contrast": "a", "stat": "effect"},
    ),
    "another suffix": ("{participant_id}_space-x_beta.nii", {"folder": "maps", "suffix": "beta", "space": "x"}),
    "a folder above": (
        "node/{participant_id}/{participant_id}_stat-t_statmap.nii",
        {"folder": "maps/node", "stat": "t"},
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_maps_are_found_however_they_lie(folder, name):
    files, expected = LAYOUTS[name]
    (way,) = ways_of(["sub-01", "sub-02", "sub-11"], files)
    assert (way.wanted, way.count) == (expected, 3)
    assert [Path(path).is_file() for path in way.paths] == [True] * 3


def test_estimates_of_effects_come_before_other_images_and_more_maps_before_fewer(folder):
    first_level = [f"{{participant_id}}/{name}.nii" for name in ("ResMS", "con_0001", "con_0002", "mask", "spmT_0001")]
    ids = ["S1", "S2", "S10"]
    ways_of(ids, *first_level)
    Path("maps/S2/con_0001.nii").unlink()
    found = ways_of(ids)
    assert [way.wanted.rpartition("/")[2] for way in found] == [
        "con_0002.nii", "con_0001.nii", "ResMS.nii", "mask.nii", "spmT_0001.nii",
    ]  # fmt: skip
    assert [way.count for way in found] == [3, 2, 3, 3, 3]


def test_an_id_is_not_found_amid_digits_or_letters_and_none_is_taken_for_another(folder):
    (way,) = ways_of(["1", "2", "12"], "run-1_S{participant_id}.nii")
    assert way.wanted == "maps/run-1_S{participant_id}.nii"
    assert [Path(path).name for path in way.paths] == ["run-1_S1.nii", "run-1_S2.nii", "run-1_S12.nii"]
    assert with_fields("a1b/10/1.nii", {"participant_id": "1"}) == "a{participant_id}b/10/{participant_id}.nii"
    assert with_fields("id/1.nii", {"participant_id": "1", "session": "id"}) == "{session}/{participant_id}.nii"


def test_subjects_whose_files_differ_in_an_entity_have_their_maps(folder):
    names = [f"sub-{n}_run-{run}_stat-effect_statmap.nii" for n, run in ((1, 1), (2, 1), (3, 2))]
    (way, *_) = ways_with(["1", "2", "3"], names)
    assert (way.wanted, way.count) == ({"folder": "maps", "stat": "effect"}, 3)


def test_what_entities_cannot_tell_apart_a_path_does(folder):
    start = "{participant_id}_stat-effect"
    first, *others = ways_of(["sub-1", "sub-2"], f"{start}_statmap.nii.gz", f"{start}_desc-smooth_statmap.nii.gz")
    assert [first.wanted, *(way.wanted for way in others)] == [
        {"folder": "maps", "stat": "effect", "desc": "smooth"},
        f"maps/{start}_statmap.nii.gz",
    ]


@pytest.mark.parametrize("name", ["{participant_id}_ses-{session}_stat-effect_statmap.nii", "{session}/x{bare}.nii"])
def test_rows_of_one_person_have_a_map_each(folder, name):
    (way, *_) = ways_of(["sub-1", "sub-1", "sub-2"], name, session=["pre", "post", "pre"])
    assert (way.count, len(set(way.paths))) == (3, 3)


def test_maps_that_nobody_has_are_told(folder):
    for ids, names, words in (
        (["1", "2"], [], "No map is below maps; names of maps end in .csv, .dscalar.nii, .gii, .img, "),
        (
            ["1", "2"],
            ["sub-01.nii", "sub-02.nii"],
            "Of 2 maps below maps, such as sub-01.nii, none is known to be of a row",
        ),
    ):
        with pytest.raises(InputError, match=re.escape(words)):
            ways_with(ids, names)


def proposed(table):
    """What is proposed for a table, and the columns that tell its rows apart."""
    write_table("table.tsv", pd.DataFrame(table))
    id_columns = id_columns_of("table.tsv")
    rows = read_study("table.tsv", id_columns)
    columns = columns_of(rows, "table.tsv", id_columns)
    return propose(rows, columns, id_columns, "table.tsv"), id_columns, columns


N = 24
IDS = [f"sub-{number:02}" for number in range(N)]
HALVES, THIRDS = ["b", "a"] * (N // 2), ["x", "y", "control"] * (N // 3)
NUMBERS = [float(number**1.5) for number in range(N)]
QUARTERS = ["F", "F", "M", "M"] * (N // 4)
# Columns beside the IDs, and the design, factors, centred variables and contrasts that are proposed.
TABLES = {
    "groups": (
        {"age": NUMBERS, "score": NUMBERS[::-1], "hand": QUARTERS, "group": HALVES},
        "group + age", {"group": "a"}, ["age"], {"bVsA": "group[b]"},
    ),
    "three groups": (
        {"Diagnosis": THIRDS},
        "Diagnosis", {"Diagnosis": "control"}, [],
        {"xVsControl": "Diagnosis[x]", "yVsControl": "Diagnosis[y]", "Diagnosis": ["Diagnosis[x]", "Diagnosis[y]"]},
    ),
    "groups that are numbers": (
        {"group": [1, 2] * (N // 2), "sex": QUARTERS},
        "group + sex", {"group": "1", "sex": "F"}, [], {"2Vs1": "group[2]"},
    ),
    "a score": ({"sex": QUARTERS, "score": NUMBERS}, "score + sex", {"sex": "F"}, ["score"], {"score": "score"}),
    "a name that needs backticks": (
        {"reading score": NUMBERS}, "`reading score`", {}, ["reading score"], {"readingScore": "`reading score`"},
    ),
    "names without letters": ({"群": HALVES}, "群", {"群": "a"}, [], {"bVsA": "群[b]"}),
    "levels without letters": ({"group": ["患", "健"] * (N // 2)}, "group", {"group": "健"}, [], {"vs": "group[患]"}),
    "nothing": ({"notes": [f"note {n}" for n in range(N)], "site": ["Ulm"] * N}, "1", {}, [], {"mean": "intercept"}),
    "sex that is the group": (
        {"group": HALVES, "sex": [{"a": "F", "b": "M"}[level] for level in HALVES]},
        "group", {"group": "a"}, [], {"bVsA": "group[b]"},
    ),
    "age of few": (
        {"group": HALVES, "age": [*NUMBERS[:8], *[None] * 16]},
        "group", {"group": "a"}, [], {"bVsA": "group[b]"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_a_design_is_proposed_that_can_run(folder, name):
    columns, *expected = TABLES[name]
    table = pd.DataFrame({"participant_id": IDS} | columns)
    found, _, _ = proposed(table)
    contrasts = {contrast["name"]: contrast["weights"] for contrast, _ in found.contrasts}
    assert [found.design, found.factors, found.center, contrasts] == expected
    write_maps(folder, table)
    config = {"analysis": "a", "smoothing_fwhm": 0, "design": found.design, "factors": found.factors}
    config |= {"center": found.center, "contrasts": [contrast for contrast, _ in found.contrasts]}
    own = {"participants": "table.tsv", "maps": "maps/{participant_id}.nii.gz"}
    lines = foretold(config | {"datasets": {"own": own}})
    assert [line.split(":")[0].split()[1] for line in lines if line.startswith("Contrast ")] == list(contrasts)


def test_visits_are_compared_within_persons(folder):
    ids = np.repeat(IDS[:6], 2)
    found, id_columns, _ = proposed({"participant_id": ids, "age": NUMBERS[:12], "visit": ["pre", "post"] * 6})
    assert id_columns == ["participant_id", "visit"]
    assert (found.design, found.factors) == ("visit + subject", {"visit": "pre", "subject": None})
    assert found.contrasts == [({"name": "postVsPre", "weights": "visit[post]"}, "post minus pre")]
    assert found.blocks == {"variable": "subject", "shuffle": "within"}


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"age": [1, 1], "ID": ["a", "b"]}, ["ID"]),
        ({"code": ["a", "b"], "age": [1, 1]}, ["code"]),
        ({"subject_id": ["a", "a"], "x": [1, 1], "week": [0, 4]}, ["subject_id", "week"]),
        ({"participant_id": ["sub-1", "1"], "session": ["a", "b"]}, ["participant_id", "session"]),
    ],
)
def test_the_columns_that_tell_rows_apart_are_found(folder, columns, expected):
    write_table("table.tsv", pd.DataFrame(columns))
    assert id_columns_of("table.tsv") == expected


def test_a_table_without_ids_is_told(folder):
    write_table("table.tsv", pd.DataFrame({"age": [1, 1], "sex": ["F", "F"]}))
    with pytest.raises(InputError, match="No column of table.tsv tells whose row each is; name one participant_id"):
        id_columns_of("table.tsv")


def bids_study(folder):
    """A table in a folder, and maps of two contrasts with two statistics each."""
    table = people(12)
    table.loc[3, "age"] = None
    write_table(folder / "participants.tsv", table)
    for contrast in ("faces", "houses"):
        for stat in ("effect", "t"):
            write_maps(folder, table, BIDS % (contrast, stat))


def test_a_config_is_written_and_what_a_dry_run_says(folder, called):
    study, place = folder / "My study", folder / "elsewhere"
    study.mkdir()
    place.mkdir()
    bids_study(study)
    given = ["--maps", "My study/derivatives/", "--table", study / "participants.tsv", "My study/pät vs. cön.yml"]
    printed, code = called(*given)
    assert code == 0, printed
    path = study / "pat_vs_con.yaml"
    for words in (
        "12 rows in participants.tsv: 11 kept, 1 left out",
        "Contrast patientVsControl: t, two-sided of +1 group[patient]",
        f".venv/bin/snakemake -n --directory '{study}' --configfile '{path}'",
    ):
        assert words in printed
    text = path.read_text()
    config = yaml.safe_load(text)
    assert config["analysis"] == "pat_vs_con"
    assert config["datasets"]["own"] == {
        "participants": "participants.tsv",
        "maps": {"folder": "derivatives", "task": "x", "contrast": "faces", "stat": "effect"},
    }
    for words in (
        "# maps: {folder: derivatives, task: x, contrast: houses, stat: t}  # 12 rows",
        "#   reading score: numbers from",
        "#   age: numbers from",
        "# mask: mni",
        "# figures: {cut_coords:",
    ):
        assert words in text
    # The same again overwrites nothing.
    assert called(*given) == (f"Error: {path} is there already; choose another NAME.\n", 1)
    # Elsewhere the maps keep their place.
    given = ["--maps", "My study/derivatives", "--table", study / "participants.tsv", place / "other"]
    assert called(*given)[1] == 0
    own = yaml.safe_load((place / "other.yaml").read_text())["datasets"]["own"]
    assert (own["participants"], own["maps"]["folder"]) == (str(study / "participants.tsv"), str(study / "derivatives"))


def test_maps_can_be_a_column_of_paths_or_a_path_with_columns(folder, called):
    table = people(12).assign(map=[f"images/{number}.nii" for number in range(12)])
    write_maps(folder, table, "{map}")
    write_table(folder / "participants.tsv", table)
    printed, code = called("--maps", "map", "--table", "participants.tsv", "a")
    assert code == 0, printed
    assert yaml.safe_load((folder / "a.yaml").read_text())["datasets"]["own"]["maps"] == "map"
    write_table(folder / "participants.tsv", table.drop(columns="map"))
    write_maps(folder, table)
    given = ["--maps", "maps/{participant_id}.nii.gz", "--table", "participants.tsv", "b"]
    assert called(*given)[1] == 0
    printed, code = called("--maps", "mape", "--table", "participants.tsv", "c")
    assert (code, printed.count("\n")) == (1, 1)
    assert printed.startswith(
        "Error: MAPS=mape is no folder that is there, and no path with columns of participants.tsv"
    )


def test_what_cannot_be_done_is_told_in_a_sentence(folder, called):
    bids_study(folder)
    for arguments, words in (
        (["--maps", "derivatives", "a"], "MAPS and TABLE are looked at together; give both, or none of them."),
        (
            ["--maps", "derivatives", "--table", "nothing.tsv", "a"],
            "TABLE=nothing.tsv is no file that is there; correct",
        ),
        (["nowhere/a"], f"There is no folder {folder}/nowhere for the study; make it, or correct NAME."),
        (["群"], "NAME=群 has no letter from a to z and no digit, of which names of results are made."),
    ):
        printed, code = called(*arguments)
        assert (code, printed.count("\n")) == (1, 1)
        assert printed.startswith(f"Error: {words}")
    assert not list(folder.glob("*.yaml"))


def test_a_study_that_cannot_run_is_written_and_told(folder, called):
    bids_study(folder)
    text = (folder / "participants.tsv").read_text()
    (folder / "participants.tsv").write_text("\n".join(text.splitlines()[:3]) + "\n")
    printed, code = called("--maps", "derivatives", "--table", "participants.tsv", "a")
    assert code == 1
    assert "It cannot run: The design has" in printed
    assert (folder / "a.yaml").is_file()


def test_without_maps_a_template_is_written(folder, called):
    printed, code = called("my_words")
    assert code == 0
    expected = (REPO / "config" / "new_study.yaml").read_text().replace("my_study", "my_words")
    assert (folder / "my_words.yaml").read_text() == expected


def test_names_of_studies_and_paths():
    here = os.getcwd()
    assert place_of("a b.yaml") == (f"{here}/a_b.yaml", "a_b")
    assert place_of("-x.yml")[1] == "x"
    assert len(place_of("x" * 200)[1]) == 100
    assert seen_from(here, "maps/") == seen_from(here, f"{here}/maps") == "maps"
    assert seen_from(here, "../x") == "../x"
    assert seen_from(here, "/x") == "/x"


def test_help_has_a_line_for_each_target():
    done = subprocess.run(["make", "help"], cwd=REPO, capture_output=True, text=True, check=True)
    told = re.findall(r"^make ([a-z-]+) +\S.*$", done.stdout, flags=re.M)
    listed = re.search(r"^\.PHONY: (.*?[^\\])$", (REPO / "Makefile").read_text(), flags=re.M | re.S)[1]
    assert told
    assert sorted(told) == sorted(listed.replace("\\\n", " ").split())
    assert max(map(len, done.stdout.splitlines())) <= 120


MESH = {"left": "fsaverage5", "right": "fsaverage5"}
# Of each simulated study what is looked at, and what the config is to say of it.
EXAMPLES = {
    "surface": (
        "maps",
        {
            "maps": {"folder": "maps", "suffix": "thickness", "extension": ".shape.gii", "space": "fsaverage5"},
            "surfaces": MESH,
        },
    ),
    "grayordinates": (
        "derivatives",
        {
            "maps": {
                "folder": "derivatives", "extension": ".dscalar.nii", "task": "faces", "contrast": "faces",
                "stat": "effect",
            },
            "surfaces": MESH,
        },
    ),
    "parcels": ("thickness.tsv", {"maps": {"table": "thickness.tsv"}, "parcels": "*_thickness"}),
    "connectome": ("maps", {"maps": {"folder": "maps", "suffix": "relmat", "task": "rest", "atlas": "example"}}),
}  # fmt: skip


@pytest.mark.parametrize("kind", EXAMPLES)
def test_maps_of_all_kinds_are_recognised(folder, called, kind):
    maps, expected = EXAMPLES[kind]
    make(kind, folder / "study")
    printed, code = called("--maps", f"study/{maps}", "--table", "study/participants.tsv", "study/a")
    assert code == 0, printed
    assert "30 rows in participants.tsv: 30 kept, 0 left out" in printed
    config = yaml.safe_load((folder / "study" / "a.yaml").read_text())
    assert config["datasets"]["own"] == {"participants": "participants.tsv"} | expected
    assert (config["smoothing_fwhm"] == 0) == (kind in ("parcels", "connectome"))


def test_hemispheres_of_other_names_and_meshes_are_paired(folder):
    for side, part in (("lh", "left"), ("rh", "right")):
        write_mesh(Path(f"{side}.white.surf.gii"), VERTICES, TRIANGLES)
        for subject in ("S1", "S2"):
            path = Path("maps", subject, "surf", f"{side}.area.gii")
            path.parent.mkdir(parents=True, exist_ok=True)
            write_values(path, VALUES, f"Cortex{part.title()}")
    (way,) = ways_of(["S1", "S2"])
    assert way.own == {
        "maps": {
            "left": "maps/{participant_id}/surf/lh.area.gii",
            "right": "maps/{participant_id}/surf/rh.area.gii",
        },
        # None of the maps' vertices is below their folder.
        "surfaces": {"left": "the_left_surface_of_6.surf.gii", "right": "the_right_surface_of_6.surf.gii"},
    }
    for side in ("lh", "rh"):
        Path(f"{side}.white.surf.gii").rename(f"maps/{side}.white.surf.gii")
    (way,) = ways_of(["S1", "S2"])
    assert way.own["surfaces"] == {"left": "maps/lh.white.surf.gii", "right": "maps/rh.white.surf.gii"}


def test_what_is_no_map_is_not_taken_for_one(folder):
    names = ("1.surf.gii", "1.label.gii", "1.dlabel.nii", "1.dtseries.nii", "sub-1_events.tsv", ".old/1.nii", "1.csv")
    for name in names:
        Path("maps", name).parent.mkdir(parents=True, exist_ok=True)
    (way,) = ways_with(["1"], names)
    assert way.wanted == "maps/{participant_id}.csv"
