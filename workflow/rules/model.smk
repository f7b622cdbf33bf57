"""The design, and the linear model of each contrast."""


rule design_matrix:
    input:
        sample=rules.quality_check.output.sample,
    output:
        design=f"{RESULTS}/design.tsv",
        contrasts=f"{RESULTS}/contrasts.tsv",
        about=f"{RESULTS}/design.json",
    log:
        f"{RESULTS}/logs/design_matrix.log",
    benchmark:
        f"{RESULTS}/benchmarks/design_matrix.tsv"
    localrule: True
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(5),
    params:
        core=core_digest("design_matrix"),
        design=setting("design"),
        factors=of_settings(facts.of_design, "factors"),
        center=of_settings(facts.of_design, "center"),
        scale=of_settings(facts.of_design, "scale"),
        contrasts=setting("contrasts"),
    message:
        "build the design of {wildcards.analysis}"
    script:
        "../scripts/design_matrix.py"


# One job for all contrasts of an analysis, since each takes but a second: here, and in the stages that follow.
for analysis, chosen in SETTINGS.items():

    rule:
        name:
            rule_name("fit", analysis)
        input:
            **files_of(
                analysis,
                maps=rules.masked_maps.output.maps,
                mask=rules.brain_mask.output.mask,
                design=rules.design_matrix.output.design,
                contrasts=rules.design_matrix.output.contrasts,
            ),
        output:
            **files_of(analysis, "t", **stat_maps(maps.OF_T)),
            **files_of(analysis, "F", **stat_maps(maps.OF_F)),
        log:
            f"results/{analysis}/logs/fit.log",
        benchmark:
            f"results/{analysis}/benchmarks/fit.tsv"
        group:
            "model"
        conda:
            "../envs/core.yaml"
        threads: 1
        resources:
            mem_mb=memory(700, 0.2, "maps"),
            runtime=minutes(5 + 5 * len(chosen["contrasts"])),
        params:
            core=core_digest("fit"),
            two_sided=facts.two_sided(chosen),
        message:
            f"fit the contrasts of {analysis}"
        script:
            "../scripts/fit.py"
