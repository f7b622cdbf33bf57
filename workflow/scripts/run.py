"""What surrounds a run of Snakemake: what is looked at and said before it, while it goes on, and when it has ended.

Snakemake has no hook that comes before it plans and locks a folder. So `surround` wraps the method that Snakemake calls
once it knows what is to be done: a dry run, or jobs that are really executed. No other call comes by here, be it
``--unlock``, ``--summary``, ``--touch``, ``--delete-all-output`` or ``--lint``. Plain Python, loaded by the Snakefile.
"""

import contextlib
import fcntl
import html
import json
import os
import platform
import re
import shutil
import sys
import tempfile
import textwrap
from functools import partial
from pathlib import Path

FOLDERS = (Path("results"), Path("resources"))
LOCKS = Path(".snakemake/locks")
HELD = Path(".snakemake/secondlevel.lock")  # locked by every run for as long as it lives; it names their locks
QUIET = "SECONDLEVEL_RUN_TELLS"  # in the environment of jobs: what went wrong is told by the run, once
OWN_LIMIT = 100, 1  # jobs, seconds: Snakemake's own --max-jobs-per-timespan
MARK = '<meta name="description" content="'


def surround(workflow, preview, is_changed_note, screen, reports, tell):
    """Have Snakemake's `workflow.execute` look and tell before and after.

    Parameters
    ----------
    workflow : snakemake.workflow.Workflow
    preview : callable
        Begins to find out what a dry run says; gives a function that says it, once, and returns whether it can run.
    is_changed_note : tuple
        The name of the folders of notes beside results, and the function that says whether a noted file is changed.
    screen : screen.Screen
        What shows the run on the terminal.
    reports : list of str
        The report of each analysis.
    tell : callable
        Tells what a run has found, from the reports that it has made.
    """
    execute = workflow.execute

    def surrounded(*arguments, executor_plugin, **more):
        kind, call = executor_plugin.common_settings, {"executor_plugin": executor_plugin, **more}
        screen.planning = kind.dryrun_exec
        if kind.dryrun_exec:
            tell_changed(FOLDERS, *is_changed_note)
            return planned(partial(execute, *arguments, **call), preview(), screen, executor_plugin)
        if kind.touch_exec:
            return execute(*arguments, **call)
        start_as_cores_are_free(workflow, kind)
        demand_writable(HELD.parent, *FOLDERS)
        with Held() as held:
            for path in tell_changed(FOLDERS, *is_changed_note) if held.free else []:
                path.replace(path.with_name(f"{path.name}.changed"))
            workflow.onstart(lambda log: held.name_locks())
            os.environ[QUIET] = "1"
            try:
                result = execute(*arguments, **call)
            except Exception:
                if screen.tell_failures():
                    sys.exit(1)
                raise
            made = {str(path) for job in workflow.dag.jobs for path in job.output}
            tell([report for report in reports if report in made and Path(report).is_file()])
            return result

    workflow.execute = surrounded


def start_as_cores_are_free(workflow, kind):
    """Take away Snakemake's own limit of jobs a second, for jobs of this machine; one that was asked for stays.

    With it, Snakemake looks for jobs to start each second, once more for every job that it has started, which takes
    ever more time of a large run; and it waits for the last of these looks when all is done.
    """
    settings = workflow.scheduling_settings
    limit = settings.max_jobs_per_timespan
    if kind.local_exec and limit and (limit.max_jobs, limit.timespan) == OWN_LIMIT:
        settings.max_jobs_per_timespan = None


def planned(execute, words, screen, plugin):
    """Have Snakemake plan while a dry run's words are found; they come first, and alone if it cannot run."""
    screen.words = words
    if screen.alone:  # nobody would see what Snakemake says of each job
        plugin.executor.printjob = lambda executor, job: None
    if not screen.installed:
        words()
    try:
        return execute()
    finally:
        if not words():
            sys.exit(1)


shown = str  # set by run.smk: writes out the signs in a text that would do something on a terminal


def told(sentence):
    """Print a sentence on standard error, as Snakemake does."""
    print(shown(sentence), file=sys.stderr, flush=True)


def writable(folder):
    """Whether files can be written into a folder, or where it will be made."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.is_dir())
    try:
        with tempfile.TemporaryFile(dir=there):
            return True
    except OSError as error:
        told(f"Error: the folder {folder} cannot be written ({error.strerror}); make it writable, or use --directory.")
        return False


def demand_writable(*folders):
    """End, with a sentence for each folder that cannot be written."""
    if not all([writable(folder) for folder in folders]):  # noqa: C419
        sys.exit(1)


def tell_changed(folders, notes, is_changed):
    """Say which files are not what was written; they are to be moved out of the way, so that they are made again."""
    changed = [note for folder in folders for note in sorted(folder.rglob(f"{notes}/*")) if is_changed(note)]
    paths = [note.parent.parent / note.name for note in changed]
    for path in paths:
        told(f"{path} is not what was written there; it will be kept as {path.name}.changed and made again.")
    return paths


class Held:
    """The advisory lock of the folder's runs, which ends with the process that holds it, however that ends.

    Runs share it, since those of other analyses may go on beside. Who can have it alone knows that no run of this
    workflow lives here, and removes the locks that earlier ones have left: those that they have named, on this machine,
    and that are as they were then.

    Attributes
    ----------
    free : bool
        Whether nobody else works in this folder, as far as locks tell.
    """

    free = False

    def __enter__(self):
        HELD.parent.mkdir(exist_ok=True)
        self.file = open(HELD, "a+", encoding="utf-8")  # noqa: SIM115
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.release_left()
            self.free = not list(LOCKS.glob("*.lock"))
        except OSError:  # another run lives, or this file system knows no locks
            pass
        self.before = set(LOCKS.glob("*.lock"))
        with contextlib.suppress(OSError):
            fcntl.flock(self.file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return self

    def __exit__(self, *_):
        self.file.close()

    def release_left(self):
        """Remove the locks that runs on this machine have named and left."""
        self.file.seek(0)
        named = {tuple(json.loads(line)) for line in self.file if line.endswith("\n")}
        left = [lock for lock in LOCKS.glob("*.lock") if identity(lock) in named]
        for lock in left:
            lock.unlink(missing_ok=True)
        if left:
            told("The last run was killed. What it had finished is kept, and it goes on from there.")
        self.file.seek(0)
        self.file.truncate()

    def name_locks(self):
        """Write down the locks that Snakemake has made for this run."""
        lines = [json.dumps(identity(lock)) + "\n" for lock in sorted(set(LOCKS.glob("*.lock")) - self.before)]
        self.file.write("".join(lines))
        self.file.flush()


def identity(lock):
    """What tells a lock from a later one of its name."""
    try:
        stat = lock.stat()
    except OSError:
        return None
    return platform.node(), lock.name, stat.st_ino, stat.st_mtime_ns


def tell_answers(reports, leftovers, write_index):
    """Say what each analysis found, as its report has it, where that is, and what earlier settings have left.

    Parameters
    ----------
    reports : list of str
        Those that were made.
    leftovers : callable
        Gives a sentence on files in a folder of results that are of earlier settings, or nothing.
    write_index : callable
        Writes the page that leads to all reports in a folder, if they are several, and gives where it is, or None.
    """
    for report in reports:
        with open(report, encoding="utf-8") as file:
            found = re.search(re.escape(MARK) + '([^"]*)"', file.read(100_000))
        if found:
            lines = html.unescape(found[1]).splitlines()
            if sys.stderr.isatty():
                lines = [textwrap.fill(line, shutil.get_terminal_size().columns) for line in lines]
            told("\n".join(["", *lines, f"Report: {report}"]))
    for sentence in filter(None, map(leftovers, map(os.path.dirname, reports))):
        told(f"\n{sentence}")
    index = write_index(FOLDERS[0]) if reports else None
    if index:
        told(f"\nAll analyses: {index}")
