"""From z maps and nulls to thresholds, corrected p values and tables of clusters."""

# A summary of each null. What was permuted has a map of its own where it is none of the model's, and so have what is
# made of it and the uncorrected p values.
SUMMARIES = {f"{method}_summary": of_contrast(catalogue.summary_file("{contrast}", method)) for method in METHODS}
OWN = {"statistic": "maxT"} if facts.about_statistic(config).stat else {}
OWN |= {catalogue.BY_KEY[method].own_map: method for method in METHODS if catalogue.BY_KEY[method].own_map}
PERMUTED = {key: maps.tested_map(key, key) for key in OWN}
if "statistic" in OWN:
    PERMUTED["statistic"] = maps.tested_map(facts.about_statistic(config).stat, "statistic")
if PERMUTATION["uncorrected"]:
    PERMUTED |= {"p": maps.P_PERMUTED, "q": maps.Q_PERMUTED}
# The corrections of z and those over contrasts, which have a map of what passes as those by a null of their own have.
FROM_Z, FROM_NULLS = map(catalogue.keys_from, (catalogue.FROM_Z, catalogue.FROM_NULLS))
# The map of levels, from which bounds on true discoveries follow, if they are asked for; and the table of regions.
DISCOVERIES = config[catalogue.DISCOVERIES]
LEVELS = of_contrast(maps.LEVEL.name("{contrast}", FORM))
REGIONS = {
    "regions": reported(of_contrast(catalogue.table_file("{contrast}", catalogue.REGIONS)), "regions"),
    "regions_columns": of_contrast(catalogue.columns_file("{contrast}", catalogue.REGIONS)),
}
# The tables of clusters, and which voxels are neighbours there.
TABLES = {kind: config[table.connectivity]["connectivity"] for kind, table in catalogue.tables(config).items()}


rule reduce_null:
    input:
        chunks=gather.permutations(f"results/{{{{analysis}}}}/permutation/chunk-{{scatteritem}}.npz"),
    output:
        null=f"{RESULTS}/permutation/null.npz",
    log:
        f"{RESULTS}/logs/reduce_null.log",
    benchmark:
        f"{RESULTS}/benchmarks/reduce_null.tsv"
    priority: 50
    group:
        "inference"
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(500, 3, "chunks", sum),
        runtime=minutes(10),
    params:
        core=core_digest("reduce_null"),
    message:
        "gather the shuffles of {wildcards.analysis}"
    script:
        "../scripts/reduce_null.py"


# A wrong atlas is to be told before the permutations: this rule waits for nothing, and is the first to run. Only files of
# labels, which have a number for each element of the maps, wait until these are known.
rule check_atlas:
    input:
        atlas=atlas,
        mask=[] if FORM.kind == forms.VOLUME else rules.brain_mask.output.mask,
    output:
        about=f"{RESULTS}/atlas.json",
        read=f"{LEDGER}/check_atlas.json",
    log:
        f"{RESULTS}/logs/check_atlas.log",
    benchmark:
        f"{RESULTS}/benchmarks/check_atlas.tsv"
    priority: 100
    localrule: True
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(700),
        runtime=minutes(10),
    params:
        core=core_digest("check_atlas"),
        state=state_of(f"{LEDGER}/check_atlas.json", own_atlas),
    message:
        "check the atlas of {wildcards.analysis}"
    script:
        "../scripts/check_atlas.py"


for analysis, chosen in SETTINGS.items():

    rule:
        name:
            rule_name("threshold", analysis)
        input:
            **files_of(
                analysis,
                mask=rules.brain_mask.output.mask,
                z=statmap("z"),
                p=statmap("p"),
            ),
        output:
            **files_of(
                analysis,
                **stat_maps({"q": maps.Q} | maps.passing_maps(FROM_Z)),
                thresholds=reported(of_contrast(catalogue.thresholds_file("{contrast}")), "thresholds"),
            ),
        log:
            f"results/{analysis}/logs/threshold.log",
        benchmark:
            f"results/{analysis}/benchmarks/threshold.tsv"
        priority: 50
        group:
            "inference"
        conda:
            "../envs/core.yaml"
        threads: 1
        resources:
            mem_mb=memory(500),
            runtime=minutes(5 + 5 * len(chosen["contrasts"])),
        params:
            **WORDS,
            core=core_digest("threshold"),
            alpha=config["alpha"],
            methods=FROM_Z,
            two_sided=facts.two_sided(chosen),
        message:
            f"threshold the maps of {analysis}"
        script:
            "../scripts/threshold.py"

    rule:
        name:
            rule_name("correct", analysis)
        input:
            **files_of(
                analysis,
                null=rules.reduce_null.output.null,
                mask=rules.brain_mask.output.mask,
                z=statmap("z"),
            ),
        output:
            **files_of(
                analysis,
                null=of_contrast(catalogue.null_file("{contrast}")),
                **{name: reported(path, "null_summary") for name, path in SUMMARIES.items()},
                **with_sidecars(**LOGP),
                **stat_maps(PERMUTED | maps.passing_maps(METHODS)),
            ),
        log:
            f"results/{analysis}/logs/correct.log",
        benchmark:
            f"results/{analysis}/benchmarks/correct.tsv"
        priority: 50
        group:
            "inference"
        conda:
            "../envs/core.yaml"
        threads: 1
        resources:
            mem_mb=memory(500),
            runtime=minutes(5 + 5 * len(chosen["contrasts"])),
        params:
            **WORDS,
            core=core_digest("correct"),
            alpha=config["alpha"]["fwe"],
            tail=PERMUTATION["tail"],
            own=OWN,
            contrasts=facts.contrasts(chosen),
        message:
            f"correct the maps of {analysis} by their shuffles"
        script:
            "../scripts/correct.py"

    rule:
        name:
            rule_name("correct_across", analysis)
        input:
            **files_of(
                analysis,
                null=rules.reduce_null.output.null,
                mask=rules.brain_mask.output.mask,
                z=statmap("z"),
            ),
        output:
            **files_of(analysis, **stat_maps({"logp": maps.ACROSS} | maps.passing_maps(FROM_NULLS))),
        log:
            f"results/{analysis}/logs/correct_across.log",
        benchmark:
            f"results/{analysis}/benchmarks/correct_across.tsv"
        group:
            "inference"
        conda:
            "../envs/core.yaml"
        threads: 1
        resources:
            mem_mb=memory(500),
            runtime=minutes(5 + 5 * len(chosen["contrasts"])),
        params:
            core=core_digest("correct_across"),
            alpha=config["alpha"]["fwe"],
            method=FROM_NULLS[0],
            contrasts=facts.contrasts(chosen),
        message:
            f"correct the maps of {analysis} for the search over contrasts"
        script:
            "../scripts/correct_across.py"

    rule:
        name:
            rule_name("discoveries", analysis)
        input:
            **files_of(
                analysis,
                null=rules.reduce_null.output.null,
                mask=rules.brain_mask.output.mask,
            ),
        output:
            **files_of(
                analysis,
                **with_sidecars(levels=LEVELS),
                summary=reported(
                    of_contrast(catalogue.summary_file("{contrast}", catalogue.DISCOVERIES)), "discoveries"
                ),
            ),
        log:
            f"results/{analysis}/logs/discoveries.log",
        benchmark:
            f"results/{analysis}/benchmarks/discoveries.tsv"
        group:
            "inference"
        conda:
            "../envs/core.yaml"
        threads: 1
        resources:
            mem_mb=memory(500),
            runtime=minutes(5 + 5 * len(chosen["contrasts"])),
        params:
            **WORDS,
            core=core_digest("discoveries"),
            alpha=DISCOVERIES and DISCOVERIES["alpha"],
            contrasts=facts.contrasts(chosen),
        message:
            f"bound the true discoveries of {analysis}"
        script:
            "../scripts/discoveries.py"

    rule:
        name:
            rule_name("cluster_tables", analysis)
        input:
            **files_of(
                analysis,
                null=rules.reduce_null.output.null,
                mask=rules.brain_mask.output.mask,
                **LOGP,
                z=statmap("z"),
                thresholds=of_contrast(catalogue.thresholds_file("{contrast}")),
                statistic=statmap("{statistic}"),
                **({"levels": LEVELS} if DISCOVERIES else {}),
                read=rules.check_atlas.output.read if ATLAS else [],
            ),
            **files_of(analysis, "t", effect=statmap("effect")),
            atlas=atlas,
        output:
            **files_of(
                analysis,
                **{
                    f"{kind}_table": reported(of_contrast(catalogue.table_file("{contrast}", kind)), "cluster_table")
                    for kind in TABLES
                },
                **{f"{kind}_columns": of_contrast(catalogue.columns_file("{contrast}", kind)) for kind in TABLES},
                **(REGIONS if ATLAS and DISCOVERIES else {}),
                **with_sidecars(
                    **{
                        f"{kind}_labels": of_contrast(catalogue.labels_file("{contrast}", kind, FORM))
                        for kind in TABLES
                    }
                ),
            ),
        log:
            f"results/{analysis}/logs/cluster_tables.log",
        benchmark:
            f"results/{analysis}/benchmarks/cluster_tables.tsv"
        group:
            "inference"
        conda:
            "../envs/core.yaml"
        threads: 1
        resources:
            mem_mb=memory(1000),
            runtime=minutes(5 + 5 * len(chosen["contrasts"])),
        params:
            **WORDS,
            core=core_digest("cluster_tables"),
            methods=METHODS,
            model_statistics=facts.model_statistics(chosen),
            alpha=config["alpha"]["fwe"],
            connectivity=TABLES,
            min_distance=config["tables"]["min_distance"],
            peaks=config["tables"]["peaks"],
        message:
            f"list the clusters of {analysis}"
        script:
            "../scripts/cluster_tables.py"


# What the p values take for granted.
rule diagnose:
    input:
        unpack(statistic_maps),
        maps=rules.masked_maps.output.maps,
        about_maps=rules.masked_maps.output.about,
        mask=rules.brain_mask.output.mask,
        about_mask=rules.brain_mask.output.json,
        sample=rules.quality_check.output.sample,
        design=rules.design_matrix.output.design,
        contrasts=rules.design_matrix.output.contrasts,
        similarity=rules.compare_maps.output.similarity,
    output:
        **with_sidecars(sd=of_contrast(maps.RESIDUAL_SD.name(None, FORM))),
        diagnostics=f"{RESULTS}/diagnostics.json",
        residuals=f"{RESULTS}/residuals.tsv",
    log:
        f"{RESULTS}/logs/diagnose.log",
    benchmark:
        f"{RESULTS}/benchmarks/diagnose.tsv"
    priority: 50
    group:
        "inference"
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(700, 0.2, "maps"),
        runtime=minutes(10),
    params:
        core=core_digest("diagnose"),
        contrasts=of_settings(facts.contrasts),
        settings=of_settings(facts.of_assumptions),
    message:
        "check what the model of {wildcards.analysis} assumes"
    script:
        "../scripts/diagnose.py"


# Only where it is asked for: `make calibrate`, or a number of data sets in the config.
rule calibrate:
    input:
        maps=rules.masked_maps.output.maps,
        mask=rules.brain_mask.output.mask,
        sample=rules.quality_check.output.sample,
        design=rules.design_matrix.output.design,
        contrasts=rules.design_matrix.output.contrasts,
    output:
        calibration=f"{RESULTS}/calibration.json",
    log:
        f"{RESULTS}/logs/calibrate.log",
    benchmark:
        f"{RESULTS}/benchmarks/calibrate.tsv"
    group:
        "inference"
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(700, 0.2, "maps"),
        runtime=minutes(60),
    params:
        core=core_digest("calibrate"),
        alpha=config["alpha"]["fwe"],
        contrasts=of_settings(facts.contrasts),
        data_sets=config["calibration"] or 1000,
        permutation=of_settings(facts.shuffling),
        settings=of_settings(facts.of_assumptions),
        two_sided=setting("two_sided"),
    message:
        "measure the error rate of the permutation test of {wildcards.analysis} on simulated maps"
    script:
        "../scripts/calibrate.py"
