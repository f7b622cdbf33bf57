"""From the sample table to the design and the matrix of maps of those who are kept."""


rule quality_check:
    input:
        table=SAMPLE_TABLE[config["dataset"]],
        maps=SAMPLE_MAPS[config["dataset"]],
    output:
        sample=f"{RESULTS}/sample.tsv",
        excluded=report(f"{RESULTS}/excluded.tsv", caption="../report/excluded.rst", category="Sample"),
        quality=report(f"{RESULTS}/quality.tsv", caption="../report/quality.rst", category="Sample"),
    log:
        f"{RESULTS}/logs/quality_check.log",
    benchmark:
        f"{RESULTS}/benchmarks/quality_check.tsv"
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        core=core_digest("quality_check"),
        variables=sorted({column["variable"] for column in config["design"] if "variable" in column}),
        labels=[
            name for name in ((PERMUTATION["blocks"] or {}).get("variable"), PERMUTATION["variance_groups"]) if name
        ],
    script:
        "../scripts/quality_check.py"


rule design_matrix:
    input:
        sample=rules.quality_check.output.sample,
    output:
        design=f"{RESULTS}/design.tsv",
        contrasts=f"{RESULTS}/contrasts.tsv",
    log:
        f"{RESULTS}/logs/design_matrix.log",
    benchmark:
        f"{RESULTS}/benchmarks/design_matrix.tsv"
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        core=core_digest("design_matrix"),
        columns=config["design"],
        contrasts=config["contrasts"],
    script:
        "../scripts/design_matrix.py"


rule brain_mask:
    input:
        sample=rules.quality_check.output.sample,
        maps=SAMPLE_MAPS[config["dataset"]],
        given=[] if config["mask"] == "background" else config["mask"],
    output:
        mask=f"{RESULTS}/mask.nii.gz",
        json=f"{RESULTS}/mask.json",
    log:
        f"{RESULTS}/logs/brain_mask.log",
    benchmark:
        f"{RESULTS}/benchmarks/brain_mask.tsv"
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        core=core_digest("brain_mask"),
    script:
        "../scripts/brain_mask.py"


rule masked_maps:
    input:
        sample=rules.quality_check.output.sample,
        maps=SAMPLE_MAPS[config["dataset"]],
        mask=rules.brain_mask.output.mask,
    output:
        maps=f"{RESULTS}/maps.npy",
    log:
        f"{RESULTS}/logs/masked_maps.log",
    benchmark:
        f"{RESULTS}/benchmarks/masked_maps.tsv"
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        core=core_digest("masked_maps"),
        fwhm=config["smoothing_fwhm"],
    script:
        "../scripts/masked_maps.py"
