"""What is looked at and said before a run, and what it looks like. No rules here."""

import json
import subprocess
import sys


def preview():
    """Say in words what will be analysed, in a process of its own, since the core is not imported here."""
    wanted = {
        name: of_analysis
        | {"table": of_analysis["dataset"] != "own" and sample_table(SimpleNamespace(analysis=name))}
        | {"covariates": facts.covariates(of_analysis), "labels": facts.labels(of_analysis)}
        | {key: facts.of_design(of_analysis, key) for key in ("factors", "center")}
        | {"permutation": of_analysis["permutation"] | {"blocks": facts.blocks(of_analysis)}}
        for name, of_analysis in SETTINGS.items()
    }
    closure.reached("outlook", find)
    done = subprocess.run([sys.executable, find("outlook.py")], input=json.dumps(wanted), text=True, stdout=sys.stderr)
    return done.returncode == 0


# Once a run, not in its jobs, and not where this workflow is a part of another.
if workflow.is_main_process and workflow.modifier.is_main_snakefile():
    notes = plain("secondlevel/base/files.py")
    screen = plain("screen.py").Screen()
    screen.install(workflow)
    reports = expand(rules.report.output.page, analysis=SETTINGS)
    plain("run.py").surround(workflow, preview, (notes.NOTES, notes.is_changed), screen, reports)
