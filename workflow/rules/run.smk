"""What is looked at and said before a run, and what it looks like. No rules here."""

import json
import subprocess
import sys
import tempfile


def preview():
    """Begin to find out what will be analysed, in a process of its own, since the core is not imported here.

    Returns
    -------
    callable
        Says it in words, the first time that it is called, and returns whether it can run.
    """
    tables = {name: sample_table(SimpleNamespace(analysis=name)) for name in SETTINGS}
    wanted = {name: facts.of_outlook(settings, tables[name]) for name, settings in SETTINGS.items()}
    closure.reached("outlook", find)
    asked, answer = tempfile.TemporaryFile("w+"), tempfile.TemporaryFile()
    json.dump(wanted, asked)
    asked.seek(0)
    process = subprocess.Popen([sys.executable, find("outlook.py")], stdin=asked, stdout=answer)

    @functools.cache
    def words():
        can_run = process.wait() == 0
        answer.seek(0)
        sys.stderr.flush()
        sys.stderr.buffer.write(answer.read())
        sys.stderr.flush()
        return can_run

    return words


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
