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


rule fit:
    input:
        maps=rules.masked_maps.output.maps,
        mask=rules.brain_mask.output.mask,
        design=rules.design_matrix.output.design,
        contrasts=rules.design_matrix.output.contrasts,
    output:
        **stat_maps(maps.OF_T),
    log:
        f"{RESULTS}/logs/fit_{{contrast}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/fit_{{contrast}}.tsv"
    wildcard_constraints:
        contrast=contrasts_of(facts.t_contrasts),
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(700, 0.2, "maps"),
        runtime=minutes(10),
    params:
        core=core_digest("fit"),
        two_sided=two_sided,
    message:
        "fit {wildcards.contrast} of {wildcards.analysis}"
    script:
        "../scripts/fit.py"


rule fit_f:
    input:
        maps=rules.masked_maps.output.maps,
        mask=rules.brain_mask.output.mask,
        design=rules.design_matrix.output.design,
        contrasts=rules.design_matrix.output.contrasts,
    output:
        **stat_maps(maps.OF_F),
    log:
        f"{RESULTS}/logs/fit_f_{{contrast}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/fit_f_{{contrast}}.tsv"
    wildcard_constraints:
        contrast=contrasts_of(facts.f_contrasts),
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(700, 0.2, "maps"),
        runtime=minutes(10),
    params:
        core=core_digest("fit_f"),
    message:
        "fit {wildcards.contrast} of {wildcards.analysis} (F)"
    script:
        "../scripts/fit_f.py"
