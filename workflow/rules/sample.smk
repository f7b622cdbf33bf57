"""From the sample table to the design and the matrix of maps of those who are kept."""


rule quality_check:
    input:
        table=sample_table,
        maps=sample_maps,
        reference=reference_grid,
    output:
        sample=f"{RESULTS}/sample.tsv",
        excluded=report(
            f"{RESULTS}/excluded.tsv", caption="../report/excluded.rst", category="{analysis}", subcategory="Sample"
        ),
        quality=report(
            f"{RESULTS}/quality.tsv", caption="../report/quality.rst", category="{analysis}", subcategory="Sample"
        ),
    log:
        f"{RESULTS}/logs/quality_check.log",
    benchmark:
        f"{RESULTS}/benchmarks/quality_check.tsv"
    wildcard_constraints:
        analysis=one_of(FIRST.values()),
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(700, 60, "maps"),
        runtime=minutes(5, 0.02, "maps"),
    params:
        core=core_digest("quality_check"),
        variables=lambda wildcards: covariates(SETTINGS[wildcards.analysis]),
        labels=lambda wildcards: labels(SETTINGS[wildcards.analysis]),
        exclude=setting("exclude"),
    script:
        "../scripts/quality_check.py"


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
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(5),
    params:
        core=core_digest("design_matrix"),
        design=setting("design"),
        factors=setting("factors"),
        center=setting("center"),
        contrasts=setting("contrasts"),
    script:
        "../scripts/design_matrix.py"


rule brain_mask:
    input:
        sample=rules.quality_check.output.sample,
        maps=sample_maps,
        reference=reference_grid,
        given=given_mask,
    output:
        mask=f"{RESULTS}/mask.nii.gz",
        json=f"{RESULTS}/mask.json",
    log:
        f"{RESULTS}/logs/brain_mask.log",
    benchmark:
        f"{RESULTS}/benchmarks/brain_mask.tsv"
    wildcard_constraints:
        analysis=one_of(FIRST.values()),
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=memory(700, 60, "maps"),
        runtime=minutes(5, 0.02, "maps"),
    params:
        core=core_digest("brain_mask"),
        mask=setting("mask"),
    script:
        "../scripts/brain_mask.py"


rule masked_maps:
    input:
        sample=rules.quality_check.output.sample,
        maps=sample_maps,
        reference=reference_grid,
        mask=rules.brain_mask.output.mask,
    output:
        maps=f"{RESULTS}/maps.npy",
    log:
        f"{RESULTS}/logs/masked_maps.log",
    benchmark:
        f"{RESULTS}/benchmarks/masked_maps.tsv"
    wildcard_constraints:
        analysis=one_of(FIRST.values()),
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(700, 60, "maps"),
        runtime=minutes(5, 0.02, "maps"),
    params:
        core=core_digest("masked_maps"),
        fwhm=setting("smoothing_fwhm"),
    script:
        "../scripts/masked_maps.py"


rule same_sample:
    input:
        lambda wildcards: [path.format(analysis=FIRST[wildcards.analysis]) for path in OF_SAMPLE],
    output:
        OF_SAMPLE,
    log:
        f"{RESULTS}/logs/same_sample.log",
    benchmark:
        f"{RESULTS}/benchmarks/same_sample.tsv"
    wildcard_constraints:
        analysis=one_of(SETTINGS.keys() - FIRST.values()),
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(10),
    params:
        core=core_digest("same_sample"),
    script:
        "../scripts/same_sample.py"
