"""How a run looks on the terminal: a line for each job, and no more; Snakemake's own log file has all the rest.

A dry run has the number of jobs of each rule.

Plain Python, loaded by the Snakefile.
"""

import logging
import re
import sys
import time
from pathlib import Path

from snakemake.logging import ColorizingTextHandler, LogEvent

# What only repeats the command line, or what the lines of jobs say.
DROPPED = {LogEvent.WORKFLOW_STARTED, LogEvent.JOB_FINISHED, LogEvent.RESOURCES_INFO, LogEvent.GROUP_INFO}
NOISE = re.compile(
    "Assuming unrestricted|host: |Building DAG|Using shell|Provided |Rules claiming|Select jobs|Execute |Complete log|"
    "Conda environments: ignored|Removing temporary|Would remove temporary|Removing output files of failed|Elapsed|"
    "Group jobs: inactive|"
    "Updating checkpoint|DAG of jobs will be updated|Some jobs were triggered|Reasons:|Exiting because|Will exit after|"
    r"Shutting down|Config file .* is extended|[\s\S]*CalledProcessError in file [\s\S]*non-zero exit status"
)
ENDED = re.compile(r"^\S+ \S+ (?:ERROR|CRITICAL) (.*)", re.MULTILINE)


class Screen(logging.Formatter):
    """Formats and filters what Snakemake shows."""

    def __init__(self, shown=str):
        """Show texts as `shown` gives them, without signs that would do something on a terminal."""
        super().__init__()
        self.shown = shown
        self.planning, self.planned, self.done, self.total, self.failed = False, False, 0, 0, {}
        self.installed, self.alone, self.words = False, False, lambda: True

    def install(self, workflow):
        """Take the place of Snakemake's own formatter on the terminal, unless more words are asked for."""
        settings = workflow.output_settings
        if settings.verbose or settings.printshellcmds:
            return
        handlers = workflow.logger_manager.logger.handlers
        for handler in handlers:
            if isinstance(handler, ColorizingTextHandler):
                handler.setFormatter(self)
                handler.addFilter(self)
                self.installed, self.alone = True, len(handlers) == 1

    def filter(self, record):
        """Whether a record is shown; in a dry run that is after its words, if it can run."""
        shown = self.is_news(record)
        return shown and (not self.planning or self.words())

    def is_news(self, record):
        """Whether a record is to be shown; what it tells of the run is kept."""
        event = getattr(record, "event", None)
        if event is LogEvent.PROGRESS:
            self.done, self.total = record.done, record.total
            return False
        if event is LogEvent.RUN_INFO:
            self.total = record.stats.get("total", 0)
            first, self.planned = not self.planned, self.planning
            return self.planning and first
        if event is LogEvent.JOB_INFO:
            for log in getattr(record, "log", None) or ():  # perhaps it has failed and is tried again
                self.failed.pop(log, None)
            return not self.planning
        if event in (LogEvent.JOB_ERROR, LogEvent.GROUP_ERROR):
            self.note_failure(record)
        return event not in DROPPED and not (record.levelno <= logging.ERROR and NOISE.match(record.getMessage()))

    def format(self, record):
        """A record as a line."""
        return self.shown(self.line(record))

    def line(self, record):
        """What is to say of a record."""
        event = getattr(record, "event", None)
        if event is LogEvent.JOB_INFO:
            return f"{time.strftime('%H:%M:%S')}  {self.step():>7}  {record.rule_msg or record.rule_name}"
        if event is LogEvent.RUN_INFO:
            return table(record.stats)
        if event in (LogEvent.JOB_ERROR, LogEvent.GROUP_ERROR):
            name = getattr(record, "rule_name", None) or "a group of jobs"
            return f"{time.strftime('%H:%M:%S')}  {name} has failed"
        return record.getMessage()

    def step(self):
        """How many jobs are done, of how many."""
        return f"{self.done}/{self.total}" if self.total else ""

    def note_failure(self, record):
        """Keep where the logs of a failed job are, the last try of each."""
        infos = getattr(record, "job_error_info", None) or [{"rule_name": record.rule_name, "log": record.log}]
        for info in infos:
            for log in info["log"][:1]:
                self.failed[log] = info["rule_name"]

    def tell_failures(self):
        """Say of each failed job what was wrong and where its log is; returns whether there was any."""
        for log, rule in self.failed.items():
            what = last_error(log) or f"{rule} ended without a word in its log, as a job does that is killed"
            print(self.shown(f"\nError: {what}\nLog: {log}"), file=sys.stderr, flush=True)
        return bool(self.failed)


def table(stats):
    """How many jobs each rule has, as Snakemake shows it; rules that are made for each analysis are one."""
    counts = {}
    for name, count in stats.items():
        rule = name.split(".")[0]
        counts[rule] = counts.get(rule, 0) + count
    width = max(map(len, counts))
    rows = [f"{'job':<{width}}    count", f"{'-' * width}  -------"]
    rows += [f"{rule:<{width}}  {count:>7}" for rule, count in counts.items()]
    return "\n".join(["", "Job stats:", *rows, ""])


def last_error(log):
    """The last sentence that a job's log holds on what went wrong, or None."""
    path = Path(log)
    found = ENDED.findall(path.read_text(encoding="utf-8", errors="replace")) if path.is_file() else []
    return found[-1] if found else None
