"""What is kept of each analysis, by the rules that make it. No rules here."""


def results_of(analysis):
    """The files of an analysis that are kept, but for their record and the report."""
    return computed(analysis) + expand(rules.describe.output, analysis=analysis)


def maps_told(wildcards):
    """The JSON files that say what the maps of all contrasts, and of the residuals, are."""
    return [path for path in computed(wildcards.analysis) if path.endswith("_statmap.json")]


def computed(analysis):
    """Those that do not tell of the others."""
    chosen = SETTINGS[analysis]
    contrasts, first = facts.contrasts(chosen), {"analysis": FIRST[analysis]}
    outputs = [expand(rules.own_table.output, **first)] if chosen["dataset"] == "own" else []
    of_sample = [rules.quality_check, rules.brain_mask, rules.masked_maps, rules.design_matrix]
    of_analysis = [
        *of_sample,
        rules.compare_maps,
        rules.design_figure,
        rules.sample_figures,
        rules.reduce_null,
        rules.diagnose,
        rules.characteristics,
    ]
    outputs += [expand(rule.output, analysis=analysis) for rule in of_analysis]
    of_contrast = {
        rules.fit: facts.t_contrasts(chosen),
        rules.fit_f: facts.f_contrasts(chosen),
        rules.threshold: contrasts,
        rules.correct: contrasts,
        rules.correct_across: contrasts if PERMUTATION["across_contrasts"] else [],
        rules.cluster_tables: contrasts,
        rules.model_figures: contrasts,
        rules.permutation_figures: contrasts,
    }
    outputs += [expand(rules.calibrate.output, analysis=analysis)] if config["calibration"] else []
    outputs += [expand(rules.check_atlas.output, analysis=analysis)] if ATLAS else []
    for rule, names in of_contrast.items():
        outputs.append(expand(rule.output, analysis=analysis, contrast=names) if names else [])
    return [path for path in sum(outputs, []) if Path(path).parent.name != notes.LEDGER]


def read_for(wildcards):
    """Where the rules that read an analysis' inputs tell what they have read."""
    first = {"analysis": FIRST[wildcards.analysis]}
    own = SETTINGS[wildcards.analysis]["dataset"] == "own"
    of_sample = [rules.own_table] * own + [rules.quality_check, rules.brain_mask]
    found = [rule.output.read.format(**first) for rule in of_sample]
    return found + ([rules.check_atlas.output.read.format(**wildcards)] if ATLAS else [])
