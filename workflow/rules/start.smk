"""What is looked at and said before a run begins. No rules here."""

import json
import re
import subprocess
import sys
from types import SimpleNamespace

# Calls that run nothing, a dry run among them.
DRY_RUN = "--dry-?run|-[a-z]*n[a-z]*"
ONLY_LOOK = (
    f"{DRY_RUN}|--(report|summary|detailed-summary|lint|list.*|dag|rulegraph|filegraph|d3dag|unlock)(=.*)?|-[lSD]"
)


def asked_for(options):
    """Whether an option of the command line matches a regular expression."""
    return any(re.fullmatch(options, argument) for argument in sys.argv[1:])


def start():
    """Look at the folders of results and downloads, in a process of its own, since the core is not imported here."""
    script = workflow.source_path("../scripts/start.py")
    known = {"only_look": asked_for(ONLY_LOOK), "folders": ["results", "resources"]}
    done = subprocess.run([sys.executable, script], input=json.dumps(known), text=True)
    refuse(["What hinders the run is told above."] if done.returncode else [])


def preview():
    """Say in words what will be analysed, in a process of its own, since the core is not imported here."""
    wanted = {
        name: settings
        | {"table": settings["dataset"] != "own" and sample_table(SimpleNamespace(analysis=name))}
        | {"covariates": covariates(settings), "labels": labels(settings)}
        for name, settings in SETTINGS.items()
    }
    script = workflow.source_path("../scripts/preview.py")
    done = subprocess.run([sys.executable, script], input=json.dumps(wanted), text=True, stdout=sys.stderr)
    refuse(["What cannot run is told above."] if done.returncode else [])


# Once a run, not in its jobs, and not where this workflow is a part of another.
if workflow.is_main_process and workflow.modifier.is_main_snakefile():
    start()
