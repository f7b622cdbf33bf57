"""The recipes of containers say the same, what they copy is in an archive, and their steps are taken as written."""

import json
from collections import defaultdict

from archive import PACKED
from conftest import REPO
from recipes import Root, of_containerfile, of_definition

CONTAINERFILE = of_containerfile((REPO / "Containerfile").read_text())
DEFINITION = of_definition((REPO / "container.def").read_text())


def by_word(steps):
    found = defaultdict(list)
    for word, rest in steps:
        found[word].append(rest)
    return found


def test_both_recipes_take_the_same_steps():
    found = by_word(CONTAINERFILE)
    assert found.pop("WORKDIR") == ["/study"]  # Apptainer stays where it is called
    assert found == by_word(DEFINITION)
    assert len(found["RUN"]) == 2
    assert json.loads(found["ENTRYPOINT"][0])[0] == "snakemake"


def test_an_archive_holds_what_the_recipes_copy():
    assert {"Containerfile", "container.def"} <= set(PACKED)
    sources = {rest.split()[0] for rest in by_word(CONTAINERFILE)["COPY"]}
    assert sources <= set(PACKED) | {"wheels"}
    assert {"workflow", "Snakefile", "config", "profiles"} <= sources
    assert "wheels/.gitkeep" in PACKED  # the folder is there, if empty


def test_packages_are_installed_by_the_makefile_which_demands_checksums():
    words = [(word, rest.split()[0]) for word, rest in CONTAINERFILE]
    install = CONTAINERFILE.index(("RUN", "make -C /opt/secondlevel .venv/bin/.ready"))
    assert {words.index(("COPY", name)) < install for name in ("Makefile", "requirements.lock", "wheels")} == {True}
    assert not any("pip" in rest for _, rest in CONTAINERFILE)


def test_steps_are_taken_as_written(tmp_path):
    (tmp_path / "context/folder/__pycache__").mkdir(parents=True)
    (tmp_path / "context/folder/a").write_text("of a")
    steps = of_containerfile(
        '# FROM x\n\nCOPY folder /opt/x\nENV PATH=/opt/x:$PATH\nWORKDIR /y\nENTRYPOINT ["a", "b c"]\n'
    )
    root = Root(tmp_path / "root", tmp_path / "context", PATH="/bin")
    root.make(steps)
    assert (tmp_path / "root/opt/x/a").read_text() == "of a"
    assert not (tmp_path / "root/opt/x/__pycache__").exists()
    assert (tmp_path / "root/y").is_dir()
    assert (root.environment["PATH"], root.place, root.entry) == ("/opt/x:/bin", "/y", ["a", "b c"])
