"""The names of files. No rules here."""

RESULTS = "results/{analysis}"
# What the sample stage makes of a sample, which analyses can have in common.
OF_SAMPLE = [
    f"{RESULTS}/{name}"
    for name in ("sample.tsv", "excluded.tsv", "quality.tsv", "mask.nii.gz", "mask.json", "maps.npy")
]


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


def figure(name, caption, subcategory="Sample"):
    """Both files of a figure, the PNG with its caption for Snakemake's report."""
    path = f"{RESULTS}/figures/{name}"
    reported = report(f"{path}.png", caption=f"../report/{caption}.rst", category="{analysis}", subcategory=subcategory)
    return [reported, f"{path}.svg"]


def contrast_figure(name, caption):
    """The same for a figure of a contrast."""
    return figure(f"contrast-{{contrast}}_{name}", caption, "{contrast}")


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
