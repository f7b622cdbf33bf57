"""The names of files, and which core files a rule depends on. No rules here."""

import ast
import csv
import functools
import glob
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

# Every file of the core, for runs that fetch the workflow from elsewhere: only files named here come along.
CORE_FILES = """
    __init__ clusters clustertable contrastfigures contrasttest correction design downloads emotion_regulation enhancement enumeration
    errors exchangeability figures files formula glm images localizer logs masking matrix neighbourhood nulls
    permutation preview provenance pseudot quality sample search shuffling simulation smoothing statistic statmaps study tables
    tail tails thresholds unionfind
""".split()
CORE = {name: workflow.source_path(f"../scripts/secondlevel/{name}.py") for name in CORE_FILES}


@functools.cache
def core_imports(path):
    """The core modules that a Python file imports, by name."""
    names = {"__init__"}
    for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "secondlevel":
            names |= {alias.name for alias in node.names} & CORE.keys()
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("secondlevel."):
            names.add(node.module.removeprefix("secondlevel."))
    return names


def core_digest(script):
    """A digest of the core modules that a rule's script uses, directly or not, so that editing one reruns the rule."""
    used, waiting = set(), core_imports(workflow.source_path(f"../scripts/{script}.py"))
    while waiting:
        used |= waiting
        waiting = set().union(*(core_imports(CORE[name]) for name in waiting)) - used
    return hashlib.sha256(b"".join(Path(CORE[name]).read_bytes() for name in sorted(used))).hexdigest()[:16]


# Where this workflow comes from: a folder, or an address.
WORKFLOW = workflow.current_basedir.join("../..").get_path_or_uri(secret_free=True)
RESULTS = "results/{analysis}"
# What the sample stage makes of a sample, which analyses can have in common.
OF_SAMPLE = [
    f"{RESULTS}/{name}"
    for name in ("sample.tsv", "excluded.tsv", "quality.tsv", "mask.nii.gz", "mask.json", "maps.npy")
]


def sample_table(wildcards):
    """The sample table of an analysis' dataset."""
    return {
        "simulated_localizer": f"{SIMULATED}/sample.tsv",
        "localizer": LOCALIZER_TABLE.replace("{slug}", LOCALIZER_SLUG),
        "emotion_regulation": f"{EMOTION}/sample.tsv",
        "own": f"results/{wildcards.analysis}/participants.tsv",
    }[SETTINGS[wildcards.analysis]["dataset"]]


def sample_maps(wildcards):
    """The maps of an analysis' dataset. Those of some datasets are known once their table is made."""
    dataset = SETTINGS[wildcards.analysis]["dataset"]
    if dataset == "simulated_localizer":
        return expand(f"{SIMULATED}/maps/sub-{{id}}.nii.gz", id=SIMULATED_IDS)
    if dataset == "emotion_regulation":
        return expand(f"{EMOTION}/maps/sub-{{subject}}.{{part}}", subject=EMOTION_IMAGES, part=["img", "hdr"])
    if dataset == "localizer":
        listed = listed_maps(checkpoints.localizer_table.get(slug=LOCALIZER_SLUG).output.table)
        return expand(LOCALIZER_MAP, slug=LOCALIZER_SLUG, subject=listed)
    table = checkpoints.own_table.get(analysis=wildcards.analysis).output.table
    listed, folder = listed_maps(table), Path(table).parent
    files = [os.path.normpath(folder / path) for path in listed.values()]
    files += [path.removesuffix(".img") + ".hdr" for path in files if path.endswith(".img")]
    # A map that is not there is a reason to leave its subject out, and no error here.
    return [local(path) for path in files if Path(path).is_file()]


def listed_maps(table):
    """The map of each subject that has one, by ID, from a sample table."""
    with open(table, encoding="utf-8") as file:
        return {
            row["participant_id"]: row["map"] for row in csv.DictReader(file, delimiter="\t") if row["map"] != "n/a"
        }


def given_mask(wildcards):
    """The user's mask, if any."""
    mask = SETTINGS[wildcards.analysis]["mask"]
    return [] if mask in ("background", "mni") else local(mask)


def reference_grid(wildcards):
    """The image onto whose grid maps are resampled, if any."""
    reference = SETTINGS[wildcards.analysis]["resample_to"]
    return local(reference) if reference else []


def participants(wildcards):
    """The user's table."""
    return local(SETTINGS[wildcards.analysis]["datasets"]["own"]["participants"])


def preview():
    """Say in words what will be analysed, in a process of its own, since the core is not imported here."""
    wanted = {
        name: settings
        | {"table": settings["dataset"] != "own" and sample_table(SimpleNamespace(analysis=name))}
        | {"covariates": covariates(settings), "labels": labels(settings)}
        for name, settings in SETTINGS.items()
    }
    script = workflow.source_path("../scripts/preview.py")
    done = subprocess.run([sys.executable, script], input=json.dumps(wanted), text=True, stdout=sys.stderr)
    refuse(["What cannot run is told above."] if done.returncode else [])


def files_there(maps):
    """A digest of the names of the files that could be maps, so that a new one is seen."""
    if isinstance(maps, dict):
        files = Path(maps["folder"]).rglob("sub-*")
    else:
        files = glob.glob("*".join(glob.escape(part) for part in re.split(r"\{[^{}]*\}", maps)))
    return hashlib.sha256("\n".join(sorted(map(str, files))).encode()).hexdigest()[:16]


def megabytes(files):
    """The sizes of the files that are there, in MB."""
    files = [files] if isinstance(files, str) else files
    return [os.path.getsize(path) / 1e6 for path in files if os.path.isfile(path)] or [0]


def memory(base, times=0, name=None, of=max):
    """MB of memory: a base and some times the size of an input, the largest of its files; more if tried again."""

    def value(wildcards, input, attempt):
        return attempt * round(base + (times * of(megabytes(getattr(input, name))) if name else 0))

    return value


def minutes(base, each=0, name=None):
    """Minutes of run time: a base and some for each file of an input; more if tried again."""

    def value(wildcards, input, attempt):
        return attempt * round(base + (each * len(getattr(input, name)) if name else 0))

    return value


def one_of(names):
    """A regular expression of names; of none, it matches nothing."""
    return "|".join(map(re.escape, dict.fromkeys(names))) or "(?!)"


def statmap(stat, desc=None):
    """The file name of a map of one contrast, as BIDS derivatives are named."""
    return f"{RESULTS}/contrast-{{contrast}}_stat-{stat}{f'_desc-{desc}' if desc else ''}_statmap.nii.gz"


def is_f(wildcards):
    return wildcards.contrast in F_CONTRASTS[wildcards.analysis]


def model_statistic(wildcards):
    """The statistic of the model of a contrast."""
    return "F" if is_f(wildcards) else "t"


def two_sided(wildcards):
    """Whether both signs of a contrast are tested; F has none."""
    return SETTINGS[wildcards.analysis]["two_sided"] and not is_f(wildcards)


def sidecar(path):
    """The JSON file that says what a map is."""
    return path.replace(".nii.gz", ".json")


def with_sidecars(**maps):
    """Named outputs for maps and for their JSON files."""
    return maps | {f"{name}_json": sidecar(path) for name, path in maps.items()}


def figure(name, caption):
    """Both files of a figure, the PNG with its caption for the report."""
    path = f"{RESULTS}/figures/contrast-{{contrast}}_{name}"
    reported = report(
        f"{path}.png", caption=f"../report/{caption}.rst", category="{analysis}", subcategory="{contrast}"
    )
    return [reported, f"{path}.svg"]


# The statistics whose maxima over the mask the permutations give.
METHODS = ["maxT"]
if config["clusters"]:
    METHODS += ["maxExtent", "maxMass"]
if config["tfce"]:
    METHODS += ["maxTFCE"]

# Which clusters are listed, and which voxels are neighbours there: those that pass the false discovery rate, or the
# family-wise error rate of a voxel or of its enhancement, and those above the cluster-forming threshold.
CLUSTER_KINDS = {kind: config["tables"]["connectivity"] for kind in ("fdr", "maxT")}
if config["clusters"]:
    CLUSTER_KINDS["clusters"] = config["clusters"]["connectivity"]
if config["tfce"]:
    CLUSTER_KINDS["maxTFCE"] = config["tfce"]["connectivity"]
ATLAS = config["tables"]["atlas"]


def minutes_of_chunk(wildcards, input, attempt):
    """Run time of a chunk, ten times what the slowest statistic took on one core of a laptop."""
    chunks = int(wildcards.scatteritem.split("-of-")[1])
    return attempt * round(10 + 1e-4 * PERMUTATION["count"] / chunks * megabytes(input.maps)[0])


# What changes the permutations' nulls.
SHUFFLING = ["count", "scheme", "blocks", "variance_groups", "variance_fwhm", "seed", "uncorrected"]

# What the correction by permutation writes for each contrast. The statistic is a map of its own where the model's t or
# F is not what was permuted.
CORRECTED = {method: statmap("logp", method) for method in METHODS}
if PERMUTATION["uncorrected"]:
    CORRECTED |= {"p": statmap("p", "permutation"), "q": statmap("q", "permutation")}
if PERMUTATION["variance_groups"]:
    CORRECTED["statistic"] = statmap("welch")
elif PERMUTATION["variance_fwhm"]:
    CORRECTED["statistic"] = statmap("pseudot")
if config["tfce"]:
    CORRECTED["tfce"] = statmap("tfce")
SUMMARIES = {f"{method}_summary": f"{RESULTS}/contrast-{{contrast}}_desc-{method}_null.json" for method in METHODS}
