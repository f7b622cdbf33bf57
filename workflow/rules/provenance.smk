"""The record of what each analysis was made from."""

# Where this workflow comes from: a folder, or an address.
WORKFLOW = workflow.current_basedir.join("../..").get_path_or_uri(secret_free=True)


rule provenance:
    input:
        inputs=inputs_of,
        results=lambda wildcards: results_of(wildcards.analysis),
    output:
        record=f"{RESULTS}/provenance.json",
    log:
        f"{RESULTS}/logs/provenance.log",
    benchmark:
        f"{RESULTS}/benchmarks/provenance.tsv"
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(30),
    params:
        core=core_digest("provenance"),
        # A function of the output, since another commit or another analysis in the config is no reason to rerun.
        config=lambda wildcards, output: config,
        settings=lambda wildcards, output: SETTINGS[wildcards.analysis],
        workflow=lambda wildcards, output: WORKFLOW,
    script:
        "../scripts/provenance.py"
