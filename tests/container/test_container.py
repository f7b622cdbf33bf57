"""The root file system that Containerfile describes, made without a registry of packages: the results are the host's.

`make test-container` installs debootstrap; without it, or not as root, the test is skipped.
"""

import os
import shutil
import sys
from pathlib import Path

import pytest

from conftest import REPO, tool
from recipes import Root, done, of_containerfile

PYTHON = (3, 11)  # of the recipe's Debian
MISSING = (
    "debootstrap is not installed here"
    if not shutil.which("debootstrap")
    else "only root can make a root file system"
    if os.geteuid() != 0
    else f"packages for the image are collected by Python {PYTHON[0]}.{PYTHON[1]} only"
    if sys.version_info[:2] != PYTHON
    else ""
)
# What chooses among the kernels of linear algebra must be the same for both.
KERNELS = {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS")}


@pytest.fixture
def context(tmp_path):
    """The project's files beside the packages of the lock file; both it and what is made of it are large."""
    folder = tmp_path / "context"
    folder.mkdir()
    for path in REPO.iterdir():
        if not path.name.startswith(".") and path.name != "wheels":
            (folder / path.name).symlink_to(path)
    done(["make", "-C", folder, "wheels", f"BIN={Path(sys.executable).parent}"], os.environ)
    yield folder
    shutil.rmtree(tmp_path)


@pytest.mark.skipif(bool(MISSING), reason=MISSING)
def test_the_default_analysis_in_the_image_gives_what_this_machine_gives(default_run, context, tmp_path):
    root = Root(tmp_path / "root", context, HOME="/root", PIP_INDEX_URL="http://127.0.0.1:9", **KERNELS)
    root.make(of_containerfile((REPO / "Containerfile").read_text()))
    print(root.run(*root.entry, "--cores", "2", "--set-scatter", "permutations=1"))
    printed, code = tool("compare", default_run / "results", root.folder / "study/results", folder=tmp_path)
    print(printed)
    assert code == 0, printed
