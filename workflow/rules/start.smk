"""What is looked at before a run begins. No rules here."""

# Calls that run nothing.
ONLY_LOOK = "--(dry-?run|report|summary|detailed-summary|lint|list.*|dag|rulegraph|filegraph|d3dag|unlock)(=.*)?|-[a-zA-Z]*[nlSD][a-zA-Z]*"


def only_looks():
    """Whether the command line asks to run nothing."""
    return any(re.fullmatch(ONLY_LOOK, argument) for argument in sys.argv[1:])


def start():
    """Look at the folders of results and downloads, in a process of its own, since the core is not imported here."""
    script = workflow.source_path("../scripts/start.py")
    known = {"only_look": only_looks(), "folders": ["results", "resources"]}
    done = subprocess.run([sys.executable, script], input=json.dumps(known), text=True)
    refuse(["What hinders the run is told above."] if done.returncode else [])


# Once a run, not in its jobs, and not where this workflow is a part of another.
if workflow.is_main_process and workflow.modifier.is_main_snakefile():
    start()
