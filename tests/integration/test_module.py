"""The workflow as a part of another one: from a folder with a prefix, and from a repository; and as an archive."""

import json
import shutil
import subprocess

import matplotlib
import pytest

import closure
from conftest import REPO, jobs_of, ran, results_in, snakemake, tool
from study import QUICK

# As conftest.small_study has it.
SETTINGS = {
    "design": "age + group",
    "factors": {"group": None},
    "contrasts": [{"name": "age", "weights": "age"}],
    "tfce": {"statistic": "t"},
    "permutation": {"count": 2000, "chunks": 4},
    "figures": {"formats": ["svg"]},
}
ONE_CHUNK = ("--set-scatter", "permutations=1")  # each would compile the kernels, in a new copy of the workflow
LAST = ("characteristics", "describe", "provenance", "report")
OTHER = """
configfile: "other.yaml"

module secondlevel:
    snakefile: {snakefile}
    config: config["secondlevel"]
    prefix: "inner"

use rule * from secondlevel as secondlevel_*

rule table:
    default_target: True
    input:
        {wanted},
        "inner/results/a/contrast-age_null.tsv",
    output:
        "largest.tsv",
    shell:
        "tail -n 1 inner/results/a/contrast-age_null.tsv > {{output}}"
"""


def other_workflow(folder, small_run, snakefile, wanted="rules.secondlevel_all.input", text=OTHER):
    """Another workflow, with its Snakefile and a config that holds but what differs from the defaults."""
    for part in ("participants.tsv", "maps"):
        copy = shutil.copytree if (small_run / part).is_dir() else shutil.copy2
        copy(small_run / part, folder / part)
    own = {"participants": "participants.tsv", "maps": "maps/{participant_id}.nii.gz"}
    settings = QUICK | SETTINGS | {"analysis": "a", "dataset": "own", "datasets": {"own": own}}
    (folder / "other.yaml").write_text(json.dumps({"secondlevel": settings}))
    (folder / "Snakefile").write_text(text.format(snakefile=snakefile, wanted=wanted))
    return folder / "Snakefile"


def same_but_paths(folder, small_run):
    """The results are the same, but for where the maps lie, seen from the results; gives the record."""
    where = {"participants.tsv", "sample.tsv", "dataset_description.json"}
    found, expected = results_in(folder), results_in(small_run)
    assert found.keys() == expected.keys()
    differing = {name.split("/")[-1] for name in expected if found[name] != expected[name]}
    assert differing <= where | {"provenance.json", "report.html"}
    records = [json.loads((f / "results/a/provenance.json").read_text()) for f in (folder, small_run)]
    outputs = [{name: sha for name, sha in record["outputs"].items() if name not in where} for record in records]
    assert outputs[0] == outputs[1]
    assert list(records[0]["inputs"].values()) == list(records[1]["inputs"].values())
    return records[0]


def test_as_a_module_from_a_folder_with_a_prefix_users_paths_stay_theirs(small_run, tmp_path):
    # All else of this is in the next test.
    wanted = '"inner/results/a/mask.nii.gz"'
    text = OTHER.replace('        "inner/results/a/contrast-age_null.tsv",\n', "").replace(
        "contrast-age_null.tsv", "sample.tsv"
    )
    snakefile = other_workflow(tmp_path, small_run, json.dumps(str(REPO / "Snakefile")), wanted, text)
    snakemake(tmp_path, snakefile=snakefile)
    assert ran(tmp_path)["secondlevel_brain_mask"] == 1
    assert not (tmp_path / "results").exists()
    mask = "results/a/mask.nii.gz"
    assert (tmp_path / "inner" / mask).read_bytes() == (small_run / mask).read_bytes()
    assert "Nothing to be done" in snakemake(tmp_path, snakefile=snakefile)


# Before the workflow, another one makes its table, maps and mask.
UPSTREAM = (
    OTHER.replace('        "inner/results/a/contrast-age_null.tsv",\n', "").replace(
        "contrast-age_null.tsv", "sample.tsv"
    )
    + """
rule upstream_map:
    output:
        "made/{{subject}}.nii.gz",
    shell:
        "cp maps/{{wildcards.subject}}.nii.gz {{output}}"

rule upstream_table:
    output:
        "made/participants.tsv",
    shell:
        "cp participants.tsv {{output}}"

rule upstream_mask:
    input:
        "made/sub-01.nii.gz",
    output:
        "made/the_mask.nii",
    shell:
        "gzip -dc {{input}} > {{output}}"
"""
)


def test_as_a_module_after_rules_that_make_its_table_maps_and_mask(small_run, tmp_path):
    mask = "inner/results/a/mask.nii.gz"
    snakefile = other_workflow(tmp_path, small_run, json.dumps(str(REPO / "Snakefile")), f'"{mask}"', UPSTREAM)
    config = json.loads((tmp_path / "other.yaml").read_text())
    settings = config["secondlevel"]
    settings["datasets"]["own"] = {"participants": "made/participants.tsv", "maps": "made/{participant_id}.nii.gz"}
    settings["mask"] = "made/the_mask.nii"
    (tmp_path / "other.yaml").write_text(json.dumps(config))
    snakemake(tmp_path, snakefile=snakefile)
    assert len(list((tmp_path / "made").glob("sub-*.nii.gz"))) == 24
    sample = (tmp_path / "inner/results/a/sample.tsv").read_text().splitlines()
    assert len(sample) == 25
    assert sample[1].split("\t")[1] == "made/sub-01.nii.gz"
    assert "Nothing to be done" in snakemake(tmp_path, snakefile=snakefile)
    # What neither is there nor is made is told, though there are results.
    settings["mask"] = "no_mask.txt"
    (tmp_path / "other.yaml").write_text(json.dumps(config))
    failed = snakemake(tmp_path, snakefile=snakefile, fails=True)
    assert "Error: config key 'mask': the file no_mask.txt does not exist" in failed
    assert "Traceback" not in failed


def test_the_entry_of_the_catalog_is_the_same_workflow(tmp_path):
    jobs = jobs_of(snakemake(tmp_path, "-n", snakefile=REPO / "workflow" / "Snakefile"))
    assert jobs.pop("everything") == 1
    assert jobs | {"all": 1} == jobs_of(snakemake(tmp_path, "-n"))


def test_as_a_module_from_a_repository_all_that_it_needs_comes_along(small_run, tmp_path, monkeypatch):
    # A repository on this disk stands in for one on GitHub.
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    stand_in = tmp_path / "stand_in" / "owner" / "secondlevel"
    listed = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=REPO, capture_output=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (REPO / name).is_file():
            (stand_in / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPO / name, stand_in / name)
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"], ["tag", "v1"]):
        subprocess.run([*git, *command], cwd=stand_in, check=True)
    (tmp_path / "gitconfig").write_text(
        f'[url "file://{tmp_path}/stand_in/"]\n\tinsteadOf = https://github.com/\n[safe]\n\tdirectory = *\n'
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("MPLCONFIGDIR", matplotlib.get_cachedir())  # a list of fonts takes long to make
    folder = tmp_path / "other"
    folder.mkdir()
    snakefile = other_workflow(folder, small_run, 'github("owner/secondlevel", path="Snakefile", tag="v1")')
    inner, figures = folder / "inner", "results/a/figures"
    ends = ("contrast-age_desc-maxT_table.tsv", "figures/design.svg", "diagnostics.json")
    snakemake(folder, *ONE_CHUNK, "--", *(f"inner/results/a/{end}" for end in ends), snakefile=snakefile)
    # Figures of brains take long. They are those of the other run, and all that would make them has come along.
    for path in (small_run / figures).glob("[!.]*"):
        if not (inner / figures / path.name).exists():
            shutil.copyfile(path, inner / figures / path.name)
    scripts = [next((tmp_path / "cache").rglob("workflow/scripts")), REPO / "workflow/scripts"]
    for name in ("sample_figures", "model_figures", "permutation_figures"):
        assert len({tuple(closure.reached(name, there.joinpath)) for there in scripts}) == 1
    snakemake(folder, *ONE_CHUNK, snakefile=snakefile)
    assert ran(folder) == dict.fromkeys([*(f"secondlevel_{name}" for name in LAST), "table"], 1)
    assert not (folder / "results").exists()
    assert (folder / "largest.tsv").read_text().startswith("2000\t")
    record = same_but_paths(inner, small_run)
    assert record["revision"].endswith("owner/secondlevel/v1")
    (made_by,) = json.loads((inner / "results/a/dataset_description.json").read_text())["GeneratedBy"]
    assert made_by["CodeURL"] == record["revision"]


@pytest.mark.parametrize(
    "name", ["contrast-age_stat-t_statmap.nii.gz", "maps.npy", "figures/design.svg", "provenance.json", "report.html"]
)
def test_verify_sees_one_flipped_byte(small_run, tmp_path, name):
    shutil.copytree(small_run, tmp_path / "run")
    assert tool("verify", folder=tmp_path / "run")[1] == 0
    path = tmp_path / "run/results/a" / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    printed, code = tool("verify", folder=tmp_path / "run")
    assert code == 1
    assert name in printed
    printed, code = tool("archive", tmp_path / "a.tar.gz", folder=tmp_path / "run")
    assert code == 1
    assert not (tmp_path / "a.tar.gz").exists()


def test_two_folders_of_results_are_compared_byte_for_byte(small_run, tmp_path):
    shutil.copytree(small_run / "results", tmp_path / "other")
    (tmp_path / "other/a/report.html").write_text("of another time")
    printed, code = tool("compare", small_run / "results", tmp_path / "other", folder=tmp_path)
    assert code == 0, printed
    assert "0 are not; 1 tell of the run itself" in printed
    (tmp_path / "other/a/design.tsv").write_text("other")
    (tmp_path / "other/a/mask.nii.gz").unlink()
    printed, code = tool("compare", small_run / "results", tmp_path / "other", folder=tmp_path)
    assert code == 1
    assert "a/design.tsv differs" in printed
    assert "has a/mask.nii.gz" in printed


def test_verify_tells_of_inputs_that_are_not_there_or_changed(small_run, tmp_path):
    shutil.copytree(small_run, tmp_path / "run")
    path = tmp_path / "run/maps/sub-01.nii.gz"
    path.write_bytes(path.read_bytes() + b"\0")
    printed, code = tool("verify", folder=tmp_path / "run")
    assert code == 1
    assert "the input maps/sub-01.nii.gz is not the file that was recorded" in printed
    path.unlink()
    printed, code = tool("verify", folder=tmp_path / "run")
    assert code == 0
    assert "1 inputs are not at hand, such as maps/sub-01.nii.gz" in printed
    printed, code = tool("verify", folder=tmp_path)
    assert code == 1
    assert "run the workflow first" in printed
    assert "Traceback" not in printed


def test_an_archive_makes_the_same_results_elsewhere(small_run, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        printed, code = tool("archive", tmp_path / name / "a.tar.gz", folder=small_run)
        assert code == 0, printed
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["a.tar.gz"]
    assert (tmp_path / "one/a.tar.gz").read_bytes() == (tmp_path / "two/a.tar.gz").read_bytes()
    deep, inputs = tmp_path / "deep/down", tmp_path / "inputs"
    deep.mkdir(parents=True)
    subprocess.run(["tar", "-xf", tmp_path / "one/a.tar.gz", "-C", deep], check=True)
    unpacked, packed = deep / "a", deep / "a/archive/a/results"
    assert tool("verify", folder=unpacked) == ("all files of the archive are as they were packed.\n", 0)
    assert (packed / "report.html").read_bytes() == (small_run / "results/a/report.html").read_bytes()
    assert (packed / "contrast-age_desc-maxT_table.tsv").is_file()
    assert (packed / "figures/design.png").is_file()
    assert not (packed / "maps.npy").exists()
    printed, code = tool("reproduce", ".", folder=unpacked)
    assert "a: no file below . is the input maps/sub-01.nii.gz and 24 more, by its checksum" in printed
    # The inputs have moved and are called otherwise; among them are files that are none.
    (inputs / "more").mkdir(parents=True)
    shutil.copyfile(small_run / "participants.tsv", inputs / "people")
    for number, path in enumerate(sorted((small_run / "maps").iterdir())):
        shutil.copyfile(path, inputs / "more" / f"{100 - number}.bin")
    (inputs / "more/sub-01.nii.gz").write_bytes(b"another one")
    printed, code = tool("reproduce", inputs, "--cores", "2", *ONE_CHUNK, folder=unpacked)
    assert code == 0, printed
    assert "results are as recorded" in printed
    found, expected = (
        {k: v for k, v in results_in(f).items() if not k.endswith(("provenance.json", "report.html", ".gitkeep"))}
        for f in (unpacked / "reproduced", small_run)
    )
    assert found == expected
