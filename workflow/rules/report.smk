"""The record of what each analysis was made from, and the page that people read."""

# Where this workflow comes from: a folder, or an address.
WORKFLOW = workflow.current_basedir.join("../..").get_path_or_uri(secret_free=True)
# What the page is made of beside the core: templates, styles and scripts, and the captions.
PAGE_FILES = """
    design.html inference.html methods.html niivue-0.69.0.umd.js niivue-LICENSE.txt page.css page.js parts.html
    report.html results.html sample.html viewer.css viewer.html viewer.js
""".split()
CAPTIONS = """
    association bonferroni_map cluster_table coverage design excluded glass highlight map_quality montage null
    null_summary permutation_map quality residual_sd similarity thresholds variables workflow z_map
""".split()
PAGE = [workflow.source_path(f"../scripts/secondlevel/report/page_files/{name}") for name in PAGE_FILES]
PAGE += [workflow.source_path(f"../report/{name}.rst") for name in CAPTIONS]


rule provenance:
    input:
        inputs=inputs_of,
        read=read_for,
        results=lambda wildcards: results_of(wildcards.analysis),
    output:
        record=f"{RESULTS}/provenance.json",
    log:
        f"{RESULTS}/logs/provenance.log",
    benchmark:
        f"{RESULTS}/benchmarks/provenance.tsv"
    localrule: True
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
    message:
        "record what {wildcards.analysis} was made from"
    script:
        "../scripts/provenance.py"


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
    localrule: True
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=minutes(10),
    params:
        core=core_digest("report"),
        page=closure.digest(PAGE),
    message:
        "write the report of {wildcards.analysis}"
    script:
        "../scripts/report.py"
