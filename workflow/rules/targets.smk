"""What is kept of each analysis, by the rules that make it. No rules here."""

# Snakemake looks up which job makes each file that a rule names, which takes most of the time of a dry run. All files of a
# job come together, so the first of them stands for the others, but where each has to be fetched from a storage.
IS_STORED = getattr(workflow.storage_settings, "default_storage_provider", None) is not None


@functools.cache
def by_job(analysis):
    """The files of an analysis that do not tell of the others, a list for each job."""
    of_sample = [rules.quality_check, rules.brain_mask, rules.masked_maps, rules.design_matrix]
    of_analysis = [rules.compare_maps, rules.sample_figures, rules.reduce_null, rules.diagnose]
    of_analysis += [rules.characteristics]
    of_analysis += [rules.calibrate] if config["calibration"] else []
    of_analysis += [rules.check_atlas] if ATLAS else []
    of_contrasts = ["fit", "threshold", "correct", "cluster_tables", "model_figures", "permutation_figures"]
    of_contrasts += ["discoveries"] if DISCOVERIES else []
    of_contrasts += ["correct_across"] if PERMUTATION["across_contrasts"] else []
    made = [expand(rules.own_table.output, analysis=FIRST[analysis])] if SETTINGS[analysis]["dataset"] == "own" else []
    made += [expand(rule.output, analysis=analysis) for rule in of_sample + of_analysis]
    made += [list(rule_of(name, analysis).output) for name in of_contrasts]
    return [[path for path in paths if os.path.basename(os.path.dirname(path)) != notes.LEDGER] for paths in made]


def results_of(analysis):
    """The files of an analysis that are kept, but for their record and the report."""
    return sum(by_job(analysis), expand(rules.describe.output, analysis=analysis))


def firsts_of(jobs):
    """What a rule names as input that reads the files of some jobs."""
    return sum(jobs, []) if IS_STORED else [paths[0] for paths in jobs]


def all_made(wildcards):
    """For an input: all files of an analysis that do not tell of the others."""
    return firsts_of(by_job(wildcards.analysis))


def is_sidecar(path):
    """Whether a file says what a map of a contrast, or of the residuals, is."""
    return path.endswith(f"_{FORM.suffix}.json")


def maps_made(wildcards):
    """For an input: these maps."""
    return firsts_of([paths for paths in by_job(wildcards.analysis) if any(map(is_sidecar, paths))])


def names_of(paths, analysis):
    """Where files are, seen from the folder of an analysis, for params: where that is depends on a module's prefix."""
    folder = os.path.dirname(rules.report.output.page.format(analysis=analysis))
    return [os.path.relpath(path, folder) for path in paths]


def wanted(wildcards):
    """For an input: the reports, for which all else is made, and whatever of the results has gone."""
    if not IS_MAIN or IS_STORED:
        return [path for analysis in SETTINGS for path in sum(by_job(analysis) + told_of(analysis), [])]
    return [path for analysis in SETTINGS for path in [*firsts_of(told_of(analysis)), *gone(analysis)]]


def gone(analysis):
    """What is not there of the results of jobs that have run."""
    recorded = os.path.isfile(rules.provenance.output.record.format(analysis=analysis))
    for paths in by_job(analysis) + told_of(analysis):
        missing = [path for path in paths if not os.path.isfile(path)]
        if recorded or len(missing) < len(paths):
            yield from missing


def told_of(analysis):
    """The files of an analysis that tell of the others, a list for each job."""
    return [expand(rule.output, analysis=analysis) for rule in (rules.describe, rules.provenance, rules.report)]


def read_for(wildcards):
    """Where the rules that read an analysis' inputs tell what they have read."""
    first = {"analysis": FIRST[wildcards.analysis]}
    own = SETTINGS[wildcards.analysis]["dataset"] == "own"
    of_sample = [rules.own_table] * own + [rules.quality_check, rules.brain_mask]
    found = [rule.output.read.format(**first) for rule in of_sample]
    return found + ([rules.check_atlas.output.read.format(**wildcards)] if ATLAS else [])
