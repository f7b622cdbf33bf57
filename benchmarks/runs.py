"""Whole runs of the workflow, of this or another state of the project: studies to run, and what a process takes."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import nibabel as nib
import numpy as np

from common import ROOT

# What a shell of those who measure may have, and that of a user has not.
UNUSUAL = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")


@dataclass(frozen=True)
class Call:
    """What a process and all that it started took.

    Attributes
    ----------
    seconds, first : float
        On the clock, to the end and to the first line that was printed.
    cpu : float
        Seconds of all processes on processors.
    peak : int
        The most resident memory of any of the processes, in bytes.
    printed : str
    """

    seconds: float
    first: float
    cpu: float
    peak: int
    printed: str


def call(command, folder=None):
    """Run a process that has to end well.

    Raises
    ------
    RuntimeError
        If it does not, with what it printed.
    """
    environment = {key: value for key, value in os.environ.items() if key not in UNUSUAL}
    start, lines, first = time.perf_counter(), [], float("nan")
    out = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
    with subprocess.Popen(list(map(str, command)), cwd=folder, env=environment, **out) as process:
        for line in process.stdout:
            first = first if lines else time.perf_counter() - start
            lines.append(line)
        # What it and its children took, which Linux and macOS know once it has been waited for.
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds, printed = time.perf_counter() - start, "".join(lines)
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{printed}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Call(seconds, first, used.ru_utime + used.ru_stime, used.ru_maxrss * unit, printed)


def workflow(project, folder, cores, *arguments):
    """Run the study of a folder by a state of the project."""
    command = [sys.executable, "-m", "snakemake", "--snakefile", project / "Snakefile", "--cores", cores]
    command += ["--workflow-profile", project / "profiles" / "default", "--directory", folder]
    return call([*command, "--configfile", folder / "study.json", *arguments])


def add_beside(parser):
    """The option that names another state of the project."""
    parser.add_argument(
        "--beside", type=Path, metavar="FOLDER", help="another state of the project, which takes turns with this one"
    )


def states(beside):
    """The folders of the states that take turns, by name."""
    return ({"before": beside.resolve()} if beside else {}) | {"this": ROOT}


def write_maps(folder, volumes, affine):
    """Write a map for each subject, and give their IDs."""
    folder.mkdir(parents=True)
    subjects = []
    for volume in volumes:
        subjects.append(f"sub-{len(subjects) + 1:04}")
        nib.save(nib.Nifti1Image(np.asarray(volume, np.float32), affine), folder / f"{subjects[-1]}.nii.gz")
    return subjects


def write_study(folder, maps, variables, **settings):
    """Write table and config of a study of one's own.

    Parameters
    ----------
    folder : Path
        Of the study.
    maps : Path
        Folder of the maps, of which several studies can be.
    variables : dict of list, by name
        One value for each map, in the order of their IDs.
    settings
        What the config says beside its data.
    """
    folder.mkdir(parents=True, exist_ok=True)
    subjects = sorted(path.name.removesuffix(".nii.gz") for path in maps.glob("*.nii.gz"))
    lines = [["participant_id", *variables], *zip(subjects, *variables.values(), strict=True)]
    (folder / "participants.tsv").write_text("".join("\t".join(map(str, line)) + "\n" for line in lines))
    own = {"participants": "participants.tsv", "maps": f"{maps}/{{participant_id}}.nii.gz"}
    (folder / "study.json").write_text(json.dumps({"dataset": "own", "datasets": {"own": own}} | settings))
