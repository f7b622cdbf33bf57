"""Archives: what is packed, what verify sees in an unpacked one, and how inputs are found and laid out."""

import json
import os
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from rocrate_validator import services
from rocrate_validator.models import Severity
from rocrate_validator.utils import document_loader
from rocrate_validator.utils.http import HttpRequester

from archive import PACKED
from conftest import REPO, tool
from secondlevel.base.errors import InputError
from secondlevel.base.files import digest, json_text
from secondlevel.report.provenance import sealed, sealed_text
from staging import as_recorded, depth, find, lay, settings_there

PAGE = '<meta name="description" content="a: 3 voxels &amp; more pass.">'
TABLES = ("sample.tsv", "design.tsv", "contrast-age_desc-maxT_table.tsv")


def recorded(folder, dataset="own", inputs=("table.tsv", "maps/one.nii")):
    """Results of an analysis, with inputs, and their record."""
    results = folder / "results" / "a"
    (results / "figures").mkdir(parents=True)
    for name in inputs:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"of {name}")
    for name in (*TABLES, "maps.npy", "figures/design.png", "figures/design.svg", "mask.nii.gz"):
        (results / name).write_text(f"result {name}")
    (results / "report.html").write_text(sealed_text(PAGE))
    outputs = {str(p.relative_to(results)): digest(p) for p in sorted(results.rglob("*")) if p.is_file()}
    del outputs["report.html"]
    record = {
        "analysis": "a", "revision": None, "software": {}, "machine": {}, "seed": 0, "config": {"maps": "/x/y"},
        "settings": {"dataset": dataset}, "outputs": outputs,
        "inputs": {str(name): digest(folder / name) for name in inputs},
        "bytes": {str(name): os.path.getsize(folder / name) for name in inputs},
    }  # fmt: skip
    (results / "provenance.json").write_text(json_text(sealed(record)))
    return record


def unpacked(folder, *arguments, **more):
    """An archive of such results, unpacked."""
    recorded(folder, **more)
    printed, code = tool("archive", "out.tar.gz", *arguments, folder=folder)
    assert code == 0, printed
    subprocess.run(["tar", "-xf", "out.tar.gz"], cwd=folder, check=True)
    return folder / "out"


def test_an_archive_holds_what_people_read_and_says_what_it_is(tmp_path):
    out = unpacked(tmp_path, "--licence", "CC0", "--inputs")
    packed = {str(path.relative_to(out / "archive")) for path in (out / "archive").rglob("*") if path.is_file()}
    of_results = {f"a/results/{name}" for name in (*TABLES, "figures/design.png", "mask.nii.gz", "report.html")}
    inputs = {name for name in packed if name.startswith("inputs/")}
    assert packed - inputs == of_results | {"a/config.json", "a/provenance.json", "files.json"}
    assert {Path(name).name for name in inputs} == {"table.tsv", "one.nii"}
    page = (out / "README.md").read_text()
    for words in ("a: 3 voxels & more pass.", "Licence: CC0.", "archive/a/results/report.html", "`maps/one.nii`"):
        assert words in page
    assert (out / "WORKFLOW.md").is_file()


def test_an_archive_is_a_workflow_run_crate(tmp_path, monkeypatch):
    out = unpacked(tmp_path, "--inputs", "--licence", "https://spdx.org/licenses/CC0-1.0")
    # The terms of the crate, as the library that writes it knows them, take the place of those on the internet.
    terms = json.loads((files("rocrate") / "data/ro-crate.jsonld").read_text())
    bioschemas = {name: f"https://bioschemas.org/{name}" for name in ("ComputationalWorkflow", "FormalParameter")}
    terms["@context"] |= bioschemas  # as version 1.1 has them
    asked = []

    class Answer:
        status_code, text = 200, json.dumps(terms)
        headers = {"Content-Type": "application/ld+json"}

        def json(self):
            return terms

    def get(self, url, **_):
        asked.append(url)
        return Answer()

    monkeypatch.setattr(document_loader, "_fetch_json_ld", lambda url: get(None, url).json())
    monkeypatch.setattr(HttpRequester, "get", get, raising=False)
    settings = {"rocrate_uri": str(out), "profile_identifier": "workflow-run-crate-0.5"}
    found = services.validate(services.ValidationSettings(**settings, requirement_severity=Severity.REQUIRED))
    assert [issue.message for issue in found.get_issues()] == []
    assert set(asked) == {"https://w3id.org/ro/crate/1.1/context"}
    graph = {entity["@id"]: entity for entity in json.loads((out / "ro-crate-metadata.json").read_text())["@graph"]}
    for path in (path for path in out.rglob("*") if path.is_file()):
        name = str(path.relative_to(out))
        if name not in ("Snakefile", "ro-crate-metadata.json", "archive/files.json"):
            assert graph[name]["sha256"] == digest(path), name
    run = graph["#run-a"]
    assert {entity["@id"] for entity in run["result"]} == {n for n in graph if n.startswith("archive/a/results/")}
    assert len(run["object"]) == 3
    # Without its workflow, it is none.
    broken = json.loads((out / "ro-crate-metadata.json").read_text())
    broken["@graph"] = [entity for entity in broken["@graph"] if entity["@id"] != "Snakefile"]
    (out / "ro-crate-metadata.json").write_text(json.dumps(broken))
    assert services.validate(services.ValidationSettings(**settings)).has_issues()


def test_what_must_not_be_passed_on_is_not_packed(tmp_path):
    out = unpacked(tmp_path, dataset="localizer")
    assert not (out / "archive/a/results/sample.tsv").exists()
    assert (out / "archive/a/results/contrast-age_desc-maxT_table.tsv").exists()
    assert "non-commercial use only" in (out / "README.md").read_text()
    printed, code = tool("archive", "with.tar.gz", "--inputs", folder=tmp_path)
    assert code == 1
    assert "must not be passed on. Archive it without INPUTS=yes." in printed
    assert not (tmp_path / "with.tar.gz").exists()


def test_packages_are_packed_if_asked_for_and_installed_from_there(tmp_path):
    recorded(tmp_path)
    printed, code = tool(
        "archive", "none.tar.gz", "--wheels", folder=tmp_path, root=without_packages(tmp_path / "project")
    )
    assert (code, printed.splitlines()[-1]) == (1, "Error: no packages are in wheels/; collect them by make wheels.")
    assert [path.name for path in tmp_path.glob("*none*")] == []
    (tmp_path / "project/wheels/one-1-py3-none-any.whl").write_bytes(b"of one")
    for name, more in (("with", ["--wheels"]), ("without", [])):
        printed, code = tool("archive", f"{name}.tar.gz", *more, folder=tmp_path, root=tmp_path / "project")
        assert code == 0, printed
        subprocess.run(["tar", "-xf", f"{name}.tar.gz"], cwd=tmp_path, check=True)
    out = tmp_path / "with"
    assert (out / "wheels/one-1-py3-none-any.whl").read_bytes() == b"of one"
    assert tool("verify", folder=out)[1] == 0
    assert '"wheels/one-1-py3-none-any.whl"' in (out / "ro-crate-metadata.json").read_text()
    commands = {name: installs_of(tmp_path / name) for name in ("with", "without")}
    assert all("--no-index --find-links wheels" in line for line in commands["with"])
    assert not any("--no-index" in line for line in commands["without"])
    for name, words in (("with", f"Python {sys.version_info[0]}.{sys.version_info[1]}"), ("without", "the internet")):
        assert words in (tmp_path / name / "README.md").read_text()


def without_packages(folder):
    """A copy of the project's files that archives hold."""
    for name in PACKED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (REPO / name).is_dir() else shutil.copyfile)(REPO / name, folder / name)
    shutil.copyfile(REPO / "README.md", folder / "README.md")
    return folder


def installs_of(folder):
    """The installations that the Makefile in a folder would do."""
    more = {"cwd": folder, "capture_output": True, "text": True, "check": True}
    lines = subprocess.run(["make", "--dry-run", ".venv/bin/.ready"], **more).stdout.splitlines()
    return [line for line in lines if " install " in line]


@pytest.mark.parametrize(
    "name", ["archive/a/results/mask.nii.gz", "archive/a/config.json", "archive/files.json", "Snakefile", "README.md"]
)
def test_a_byte_that_is_another_one_and_a_file_that_is_not_there_are_seen(tmp_path, name):
    out = unpacked(tmp_path)
    assert tool("verify", folder=out) == ("all files of the archive are as they were packed.\n", 0)
    content = bytearray((out / name).read_bytes())
    content[len(content) // 2] ^= 1
    (out / name).write_bytes(content)
    for of_tool, arguments in (("verify", []), ("reproduce", ["."])):
        printed, code = tool(of_tool, *arguments, folder=out)
        assert code == 1
        assert name in printed
        assert printed.count("\n") == 1
    (out / name).unlink()
    for of_tool, arguments in (("verify", []), ("reproduce", ["."])):
        printed, code = tool(of_tool, *arguments, folder=out)
        assert code == 1
        assert printed.count("\n") == 1
        assert "Traceback" not in printed


class TestStaging:
    def test_inputs_are_found_by_content_wherever_they_lie(self, tmp_path):
        record = recorded(tmp_path / "study")
        away = tmp_path / "away"
        (away / "deep").mkdir(parents=True)
        shutil.copyfile(tmp_path / "study/table.tsv", away / "deep/other name")
        (away / "link").symlink_to(tmp_path / "study/maps")
        (away / "loop").symlink_to(away)
        (away / "deep/table.tsv").write_text("of another")
        found = find(record, [away])
        assert found == {"table.tsv": away / "deep/other name", "maps/one.nii": tmp_path / "study/maps/one.nii"}
        (away / "link").unlink()
        with pytest.raises(InputError, match="no file below .*away is the input maps/one.nii, by its checksum"):
            find(record, [away])
        assert find(record | {"inputs": {"resources/a": "0" * 64}}, [away]) == {}  # the workflow makes it

    def test_paths_that_lead_up_and_from_the_root_are_laid_out_in_place(self, tmp_path):
        source = tmp_path / "source"
        source.write_text("x")
        table = tmp_path / "table"
        table.write_text("participant_id\timage\na\t/data/a.nii\nb\t/data/a.nii.gz\nc\t/data/gone.nii\n")
        found = {"/data/a.nii": source, "/data/a.nii.gz": source, "../../up.nii": source, "t.tsv": table}
        assert depth(found) == 2
        place = tmp_path / "reproduced/up/up"
        lay(found, ["/data/nobody.nii"], place)
        assert (tmp_path / "reproduced/up.nii").read_text() == "x"
        assert (place / "absolute-paths/data/a.nii.gz").resolve() == source
        assert (place / "absolute-paths/data/nobody.nii").is_file()
        laid = (place / "t.tsv").read_text()
        assert f"a\t{place}/absolute-paths/data/a.nii\nb\t{place}/absolute-paths/data/a.nii.gz\nc\t/data/gone" in laid
        assert as_recorded(laid) == table.read_text()

    def test_settings_and_results_are_those_of_the_recorded_paths(self):
        config = {"mask": "/data/m.nii", "n": 1, "analyses": {"a": {"maps": {"folder": "/data"}, "x": ["/y", "z"]}}}
        there = settings_there(config)
        assert there["mask"] == "absolute-paths/data/m.nii"
        assert there["analyses"]["a"] == {"maps": {"folder": "absolute-paths/data"}, "x": ["absolute-paths/y", "z"]}
        for text in ('{"Source": "absolute-paths/data/m.nii"}', "a\t../../absolute-paths/data/m.nii\n"):
            assert "/data/m.nii" in as_recorded(text)
            assert "absolute" not in as_recorded(text)
            assert ".." not in as_recorded(text)
        assert json.loads(as_recorded('{"Source": "absolute-paths/data/m.nii"}')) == {"Source": "/data/m.nii"}
