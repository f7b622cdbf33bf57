"""The page that people read."""


rule report:
    input:
        record=rules.provenance.output.record,
        results=lambda wildcards: results_of(wildcards.analysis),
    output:
        page=f"{RESULTS}/report.html",
    log:
        f"{RESULTS}/logs/report.log",
    benchmark:
        f"{RESULTS}/benchmarks/report.tsv"
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=minutes(10),
    params:
        core=core_digest("report"),
        page=page_digest(),
    script:
        "../scripts/report.py"
