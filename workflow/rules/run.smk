"""What is looked at and said before a run, and what it looks like. No rules here."""

import json
import subprocess
import sys


def preview():
    """Say in words what will be analysed, in a process of its own, since the core is not imported here."""
    tables = {name: sample_table(SimpleNamespace(analysis=name)) for name in SETTINGS}
    wanted = {name: facts.of_outlook(settings, tables[name]) for name, settings in SETTINGS.items()}
    closure.reached("outlook", find)
    done = subprocess.run([sys.executable, find("outlook.py")], input=json.dumps(wanted), text=True, stdout=sys.stderr)
    return done.returncode == 0


# Once a run, not in its jobs, and not where this workflow is a part of another.
if workflow.is_main_process and IS_MAIN:
    screen = plain("screen.py").Screen(signs.shown)
    screen.install(workflow)
    reports = expand(rules.report.output.page, analysis=SETTINGS)
    around = plain("run.py")
    around.shown = signs.shown
    left, index = plain("secondlevel/report/leftovers.py").told_of_record, plain("index.py").write_index
    tell = functools.partial(around.tell_answers, leftovers=left, write_index=index)
    around.surround(workflow, preview, (notes.NOTES, notes.is_changed), screen, reports, tell)
