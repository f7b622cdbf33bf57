"""What the results are, for people, BIDS and NeuroVault; the record of what they were made from; the page to read."""

# Where this workflow comes from: a folder, or an address.
WORKFLOW = workflow.current_basedir.join("../..").get_path_or_uri(secret_free=True)
# What the page is made of beside the core: templates, styles and scripts, and the captions.
PAGE_FILES = """
    answer.html design.html inference.html methods.html niivue-0.69.0.umd.js niivue-LICENSE.txt page.css page.js
    parts.html report.html results.html sample.html tables.html viewer.css viewer.html viewer.js viewer_canvas.js
    viewer_colours.js viewer_discoveries.js viewer_image.js viewer_keys.js viewer_mesh.js viewer_mesh_pick.js
    viewer_mesh_scene.js viewer_mesh_tiles.js viewer_picture.js viewer_readout.js viewer_scene.js viewer_table.js
    viewer_thresholds.js viewer_unpack.js
""".split()
CAPTIONS = """
    association bonferroni_map characteristics cluster_table coverage design discoveries excluded glass highlight map_quality montage null
    null_summary page permutation_map quality regions residual_sd similarity thresholds values variables workflow z_map
""".split()
PAGE = [workflow.source_path(f"../scripts/secondlevel/report/page_files/{name}") for name in PAGE_FILES]
PAGE += [workflow.source_path(f"../report/{name}.rst") for name in CAPTIONS]


rule describe:
    input:
        sample=rules.quality_check.output.sample,
        mask=rules.brain_mask.output.json,
        maps=maps_made,
    output:
        description=f"{RESULTS}/dataset_description.json",
        readme=f"{RESULTS}/README.md",
        ignored=f"{RESULTS}/.bidsignore",
        neurovault=f"{RESULTS}/neurovault.tsv" if FORM.brain else [],
    log:
        f"{RESULTS}/logs/describe.log",
    benchmark:
        f"{RESULTS}/benchmarks/describe.tsv"
    localrule: True
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(10),
    params:
        core=core_digest("describe"),
        settings=of_settings(facts.of_description),
        kind=of_settings(facts.kind),
        form=vars(FORM),
        maps=lambda wildcards: names_of(filter(is_sidecar, results_of(wildcards.analysis)), wildcards.analysis),
        # A function of the output, since the same workflow from elsewhere is no reason to rerun.
        workflow=lambda wildcards, output: WORKFLOW,
    message:
        "describe the results of {wildcards.analysis}"
    script:
        "../scripts/describe.py"


rule characteristics:
    input:
        sample=rules.quality_check.output.sample,
        about=rules.design_matrix.output.about,
        contrasts=rules.design_matrix.output.contrasts,
        sidecars=map_sidecars,
    output:
        table=reported(f"{RESULTS}/characteristics.tsv", "characteristics", "Sample"),
        about=f"{RESULTS}/characteristics.json",
    log:
        f"{RESULTS}/logs/characteristics.log",
    benchmark:
        f"{RESULTS}/benchmarks/characteristics.tsv"
    localrule: True
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(5),
    params:
        core=core_digest("characteristics"),
        units=setting("units"),
    message:
        "describe the sample of {wildcards.analysis}"
    script:
        "../scripts/characteristics.py"


rule provenance:
    input:
        inputs=inputs_of,
        read=read_for,
        made=all_made,
        described=rules.describe.output,
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
        results=lambda wildcards: names_of(results_of(wildcards.analysis), wildcards.analysis),
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
        made=lambda wildcards: all_made(wildcards) if IS_STORED else [],
        atlas=atlas if FORM.kind == forms.VOLUME else [],
        read=rules.check_atlas.output.read if ATLAS else [],
    output:
        page=reported(f"{RESULTS}/report.html", "page", "Report"),
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
