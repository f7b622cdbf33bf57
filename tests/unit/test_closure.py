"""Which core files a script reaches, in small trees, and against Python's own finder of modules."""

from modulefinder import ModuleFinder
from textwrap import dedent

import pytest

import closure
from conftest import REPO

SCRIPTS = REPO / "workflow" / "scripts"
TREE = {
    "permute.py": """
        import numpy as np
        from secondlevel.base.logs import log_to
        from secondlevel.permutation.statistics.welch import Welch, FREEDOM
    """,
    "secondlevel/__init__.py": "__version__ = '1'",
    "secondlevel/base/__init__.py": "",
    "secondlevel/base/logs.py": "from secondlevel.base.errors import InputError",
    "secondlevel/base/errors.py": "class InputError(Exception): pass",
    "secondlevel/base/files.py": "from secondlevel import __version__",
    "secondlevel/permutation/__init__.py": "",
    "secondlevel/permutation/engine.py": "from secondlevel.base.files import digest",
    "secondlevel/permutation/statistics/__init__.py": "",
    "secondlevel/permutation/statistics/welch.py": """
        def main():
            if True:
                from secondlevel.permutation.engine import max_statistics
    """,
    "secondlevel/figures/__init__.py": "",
    "secondlevel/figures/style.py": "from secondlevel.base.files import replacing",
}
REACHED = [
    "secondlevel",
    "secondlevel.base",
    "secondlevel.base.errors",
    "secondlevel.base.files",
    "secondlevel.base.logs",
    "secondlevel.permutation",
    "secondlevel.permutation.engine",
    "secondlevel.permutation.statistics",
    "secondlevel.permutation.statistics.welch",
]


class Tree:
    """Files in a folder, in which a script reaches some."""

    def __init__(self, folder):
        self.folder = folder
        for path, text in TREE.items():
            self.write(path, text)

    def write(self, path, text):
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(dedent(text))

    def find(self, path):
        return self.folder / path

    def reached(self):
        return list(closure.reached("permute", self.find))

    def digest(self):
        closure.content.cache_clear()  # as a new run has read nothing
        closure.imported.cache_clear()
        return closure.core_digest("permute", self.find)


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


def test_imports_are_followed_through_packages_and_functions(tree):
    assert tree.reached() == REACHED
    found = closure.reached("permute", tree.find)
    assert found["secondlevel.base"] == tree.folder / "secondlevel" / "base" / "__init__.py"
    assert found["secondlevel.base.files"] == tree.folder / "secondlevel" / "base" / "files.py"


def test_a_package_alone_can_be_imported_from(tree):
    tree.write("permute.py", "from secondlevel import __version__")
    assert tree.reached() == ["secondlevel"]
    before = tree.digest()
    tree.write("secondlevel/__init__.py", "__version__ = '2'")
    assert tree.digest() != before


def test_other_packages_are_not_followed(tree):
    tree.write("permute.py", "import secondlevels\nfrom secondlevels.base.files import digest\nfrom . import x")
    assert tree.reached() == []


def test_files_that_import_each_other_are_reached_once(tree):
    tree.write("secondlevel/base/files.py", "from secondlevel.permutation.engine import BLOCK")
    assert tree.reached() == REACHED


@pytest.mark.parametrize("path", [path for path in TREE if path != "permute.py"])
def test_the_digest_follows_what_is_reached_and_does_more_than_talk(tree, path):
    before = tree.digest()
    assert tree.digest() == before
    with open(tree.folder / path, "a") as file:
        file.write("\n# changed")
    module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    silent = module in ("secondlevel.base.logs", "secondlevel.base.errors")
    assert (tree.digest() != before) == (module in REACHED and not silent)


def test_the_script_itself_is_none_of_the_core(tree):
    before = tree.digest()
    with open(tree.folder / "permute.py", "a") as file:
        file.write("\n# changed")
    assert tree.digest() == before


def test_a_new_import_changes_the_digest(tree):
    before = tree.digest()
    with open(tree.folder / "permute.py", "a") as file:
        file.write("\nfrom secondlevel.figures.style import save")
    assert tree.digest() != before
    assert set(tree.reached()) - set(REACHED) == {"secondlevel.figures", "secondlevel.figures.style"}


def test_a_file_that_is_not_there_is_no_silent_gap(tree):
    (tree.folder / "secondlevel" / "permutation" / "engine.py").unlink()
    with pytest.raises(FileNotFoundError, match="engine.py"):
        tree.digest()


@pytest.mark.parametrize("script", sorted(path.stem for path in SCRIPTS.glob("*.py")))
def test_each_script_reaches_what_python_finds(script):
    finder = ModuleFinder(path=[str(SCRIPTS)])  # it looks into functions, too
    finder.run_script(str(SCRIPTS / f"{script}.py"))
    expected = {name for name in finder.modules if name.split(".")[0] == "secondlevel"}
    assert set(closure.reached(script, SCRIPTS.joinpath)) == expected
