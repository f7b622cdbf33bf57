"""The files of the project agree with each other."""

import hashlib
import re
import tomllib

import yaml

from conftest import REPO

PAGE = REPO / "workflow" / "scripts" / "secondlevel" / "report" / "page_files"
# A package of the lock file: name, version, where it is needed, and the checksum of each of its files.
PACKAGE = re.compile(r"([a-z0-9.-]+)==([\w.+!-]+)( ; [^\n\\]+)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n")
LOCK = {found[1]: found for found in PACKAGE.finditer((REPO / "requirements.lock").read_text())}


def hashes(text):
    return re.findall(r"--hash=sha256:([0-9a-f]{64})\b", text)


def test_the_lock_file_holds_versions_and_checksums_and_nothing_else():
    text = (REPO / "requirements.lock").read_text()
    rest = PACKAGE.sub("", text).splitlines()
    assert all(line.startswith("#") for line in rest), rest
    assert "//" not in text  # no host
    assert len(LOCK) == text.count("==") - sum((found[3] or "").count("==") for found in LOCK.values())
    for name, found in LOCK.items():
        assert len(hashes(found[4])) == len(set(hashes(found[4]))), name
    # Those that are compiled have a file for each platform and Python.
    assert all(len(hashes(LOCK[name][4])) > 10 for name in ("numpy", "scipy", "numba", "tfce"))


def test_installs_demand_the_checksums():
    makefile = (REPO / "Makefile").read_text()
    variables = dict(re.findall(r"^(\w+) = (.*)$", makefile, re.M))
    lines = re.sub(r"\$\((\w+)\)", lambda found: variables.get(found[1], found[0]), makefile).splitlines()
    of_lock = [line for line in lines if re.search(r"--requirement \S+\.lock", line)]
    assert len(of_lock) == 3
    assert all("--require-hashes" in line for line in of_lock)
    # What builds packages is one of those that have checksums, and is there before.
    assert "setuptools" in LOCK
    assert ["setuptools.lock" in line for line in of_lock] == [True, False, False]
    assert ["--no-build-isolation" in line for line in of_lock] == [False, True, True]


def test_environments_pin_what_the_lock_file_pins():
    environments = list((REPO / "workflow" / "envs").glob("*.yaml"))
    assert environments
    for path in environments:
        pins = yaml.safe_load(path.read_text())["dependencies"]
        from_pip = [pin for part in pins if isinstance(part, dict) for pin in part["pip"]]
        for pin in from_pip:
            name, version = pin.split()[0].split("==")
            assert LOCK[name][2] == version, f"{path.name}: {pin}"
            assert hashes(pin), f"{path.name}: {name} has no checksum"
            assert set(hashes(pin)) <= set(hashes(LOCK[name][4])), f"{path.name}: {name}"
        for pin in [pin for pin in pins if pin != "pip" and isinstance(pin, str)]:
            name, version = pin.split("=")
            assert name == "python" or LOCK[name][2] == version, f"{path.name}: {pin}"


def test_lock_file_holds_what_the_project_asks_for():
    project = tomllib.loads((REPO / "pyproject.toml").read_text())
    for wanted in project["project"]["dependencies"] + project["dependency-groups"]["test"]:
        name = re.split(r"[<>=]", wanted)[0]
        assert name in LOCK
        assert LOCK[name][3] is None, f"{name} is left out somewhere"


def test_every_file_of_the_page_is_named_for_remote_use():
    rules = (REPO / "workflow" / "rules" / "report.smk").read_text()
    page, captions = (
        re.search(rf'{name} = """(.*?)"""', rules, flags=re.DOTALL)[1].split() for name in ("PAGE_FILES", "CAPTIONS")
    )
    assert page == sorted(
        path.name for path in (REPO / "workflow" / "scripts" / "secondlevel" / "report" / "page_files").iterdir()
    )
    assert captions == sorted(path.stem for path in (REPO / "workflow" / "report").iterdir())


def test_the_viewer_is_the_published_file():
    page = PAGE
    published = "47b896b77ec4a5be3ef1949c33ad393b6f45629921f326c279000bcf51bdb4af"
    assert hashlib.sha256((page / "niivue-0.69.0.umd.js").read_bytes()).hexdigest() == published
    assert "Copyright (c) 2021, Niivue" in (page / "niivue-LICENSE.txt").read_text()


def test_every_config_key_is_described():
    described = (REPO / "config" / "README.md").read_text()

    def keys(schema):
        for name, below in schema.get("properties", {}).items():
            yield name, below
            yield from keys(below)
            yield from keys(below.get("items", {}))

    for name, below in keys(yaml.safe_load((REPO / "workflow" / "schemas" / "config.schema.yaml").read_text())):
        assert below.get("description"), name
        assert f"`{name}`" in described, f"config/README.md says nothing of {name}"


def test_a_release_has_one_version_and_one_date():
    project = tomllib.loads((REPO / "pyproject.toml").read_text())["project"]
    citation = yaml.safe_load((REPO / "CITATION.cff").read_text())
    changelog = (REPO / "CHANGELOG.md").read_text()
    version, date = re.search(r"^## \[(\d\S*)\] - (\S+)$", changelog, flags=re.MULTILINE).groups()
    assert project["version"] == citation["version"] == version
    assert str(citation["date-released"]) == date
    assert project["license"] == citation["license"]


def test_continuous_integration_and_hooks_call_what_make_check_calls():
    (workflow,) = yaml.safe_load((REPO / ".github" / "workflows" / "ci.yml").read_text())["jobs"].values()
    assert ".ci/run" in [step.get("run") for step in workflow["steps"]]
    assert "make test" in (REPO / ".ci" / "run").read_text()
    check = (REPO / "Makefile").read_text().split("\ncheck:")[1].split("\n\n")[0]
    called = {line.split()[0].split("/")[1] for line in check.splitlines()[1:]}
    (hooks,) = yaml.safe_load((REPO / ".pre-commit-config.yaml").read_text())["repos"]
    assert {hook["entry"].split()[0] for hook in hooks["hooks"]} == {".venv/bin/ruff", ".venv/bin/snakefmt"}
    assert {"ruff", "snakefmt"} <= called


def test_issue_forms_ask_for_the_dry_run():
    folder = REPO / ".github" / "ISSUE_TEMPLATE"
    forms = [yaml.safe_load(path.read_text()) for path in folder.glob("*.yml") if path.stem != "config"]
    assert len(forms) == 2
    for form in forms:
        fields = [field for field in form["body"] if field["type"] != "markdown"]
        assert {field["type"] for field in fields} <= {"input", "textarea"}
        assert len({field["id"] for field in fields}) == len(fields)
        assert any("snakemake -n" in field["attributes"].get("description", "") for field in fields)


def test_the_catalog_finds_what_it_looks_for():
    """What the catalog asks of a workflow of the standard layout, https://snakemake.github.io/snakemake-workflow-catalog"""
    usage = yaml.safe_load((REPO / ".snakemake-workflow-catalog.yml").read_text())["usage"]
    assert usage.keys() == {"mandatory-flags", "software-stack-deployment", "report"}
    for path in ("workflow/Snakefile", "config/README.md", "LICENSE"):
        assert (REPO / path).is_file()
