"""What is kept of each analysis, by the rules that make it. No rules here."""


def results_of(analysis):
    """The files of an analysis that are kept, but for their record and the report."""
    contrasts, t_contrasts, f_contrasts = CONTRASTS[analysis], T_CONTRASTS[analysis], F_CONTRASTS[analysis]
    first = {"analysis": FIRST[analysis]}
    outputs = [expand(rules.own_table.output, **first)] if SETTINGS[analysis]["dataset"] == "own" else []
    of_sample = [rules.quality_check, rules.brain_mask, rules.masked_maps, rules.design_matrix]
    of_analysis = [*of_sample, rules.design_figure, rules.sample_figures, rules.reduce_null]
    outputs += [expand(rule.output, analysis=analysis) for rule in of_analysis]
    of_contrast = {
        rules.fit: t_contrasts,
        rules.fit_f: f_contrasts,
        rules.threshold: contrasts,
        rules.correct: contrasts,
        rules.correct_across: contrasts if PERMUTATION["across_contrasts"] else [],
        rules.cluster_tables: contrasts,
        rules.model_figures: contrasts,
        rules.permutation_figures: contrasts,
    }
    for rule, names in of_contrast.items():
        outputs.append(expand(rule.output, analysis=analysis, contrast=names) if names else [])
    return sum(outputs, [])
