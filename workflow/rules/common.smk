"""The checked config, the names of files, and which core files a rule depends on. No rules here."""

import ast
import difflib
import hashlib
from pathlib import Path

import jsonschema
import yaml
from snakemake.exceptions import WorkflowError

# Every file of the core, for runs that fetch the workflow from elsewhere: only files named here come along.
CORE_FILES = """
    __init__ clusters clustertable contrasttest correction design downloads emotion_regulation enhancement enumeration
    errors exchangeability figures files glm images localizer logs masking matrix neighbourhood nulls permutation pseudot
    quality sample search shuffling simulation smoothing statistic statmaps tables tail tails thresholds unionfind
""".split()
CORE = {name: workflow.source_path(f"../scripts/secondlevel/{name}.py") for name in CORE_FILES}


def core_imports(source):
    """The core modules that a Python source imports, by name."""
    names = {"__init__"}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "secondlevel":
            names |= {alias.name for alias in node.names} & CORE.keys()
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("secondlevel."):
            names.add(node.module.removeprefix("secondlevel."))
    return names


def core_digest(script):
    """A digest of the core modules that a rule's script uses, directly or not, so that editing one reruns the rule."""
    found = {}
    waiting = core_imports(Path(workflow.source_path(f"../scripts/{script}.py")).read_text(encoding="utf-8"))
    while waiting:
        name = waiting.pop()
        found[name] = Path(CORE[name]).read_text(encoding="utf-8")
        waiting |= core_imports(found[name]) - found.keys()
    return hashlib.sha256("".join(found[name] for name in sorted(found)).encode()).hexdigest()[:16]


def config_complaints(config, schema):
    """One sentence for everything that is wrong in the config, with the key that it is about."""
    for error in jsonschema.Draft202012Validator(schema).iter_errors(config):
        key = ".".join(str(part) for part in error.absolute_path)
        where = f"config key '{key}'" if key else "the config"
        if error.validator == "additionalProperties":
            known = list(error.schema["properties"])
            for name in sorted(set(error.instance) - set(known)):
                near = difflib.get_close_matches(name, known, 1)
                hint = f"did you mean '{near[0]}'?" if near else f"it knows {', '.join(known)}."
                yield f"{where} has an unknown key '{name}'; {hint}"
        elif error.validator == "required":
            missing = [name for name in error.validator_value if name not in error.instance]
            yield f"{where} lacks the key {' and '.join(repr(name) for name in missing)}."
        else:
            yield f"{where}: {error.message}; it is {error.schema.get('description', 'described in config/README.md')}"


def later_complaints():
    """What a schema cannot see, in a config that is right by the schema."""
    for name in sorted({name for name in CONTRASTS if CONTRASTS.count(name) > 1}):
        yield f"config key 'contrasts': more than one is named '{name}'; give each its own name."
    if PERMUTATION["variance_groups"] and PERMUTATION["variance_fwhm"]:
        yield "config key 'permutation': set variance_groups or variance_fwhm, not both."
    if PERMUTATION["across_contrasts"] and (PERMUTATION["variance_groups"] or PERMUTATION["variance_fwhm"]):
        yield "config key 'permutation.across_contrasts': it needs t or F; set variance_groups and variance_fwhm to none."
    if PERMUTATION["variance_fwhm"] and F_CONTRASTS:
        yield f"config key 'permutation.variance_fwhm': pseudo-t has no F, as contrast {F_CONTRASTS[0]} needs; set it to 0."
    pseudo_t, pseudo = PERMUTATION["variance_fwhm"], "pseudo-t has no known distribution"
    threshold = (config["clusters"] or {}).get("threshold", "t")
    if threshold.startswith("p") and float(threshold.split()[-1]) >= 0.5:
        yield f"config key 'clusters.threshold': {threshold} is no threshold; p must be below 0.5, and is often 0.001."
    if threshold.startswith("t") and config["clusters"] and F_CONTRASTS:
        yield (
            f"config key 'clusters.threshold': contrast {F_CONTRASTS[0]} is tested with F, for which '{threshold}' says "
            "nothing; write a p or a z, such as 'p < 0.001'."
        )
    if pseudo_t and not threshold.startswith("t"):
        yield f"config key 'clusters.threshold': {pseudo} that a p or z could be taken from; write 't > 3' or the like, or set clusters to null."
    if config["tfce"] and config["tfce"]["statistic"] == "z" and (pseudo_t or PERMUTATION["variance_groups"]):
        yield "config key 'tfce.statistic': only t and F can be turned into z; write 't' for the statistic itself."
    # Snakemake would take old results for good ones where an input of theirs is missing.
    if config["mask"] != "background" and not Path(config["mask"]).is_file():
        yield f"config key 'mask': the file {config['mask']} does not exist; correct it, or write 'background'."
    for part, path in (config["tables"]["atlas"] or {}).items():
        if not Path(path).is_file():
            yield f"config key 'tables.atlas.{part}': the file {path} does not exist; correct it, or set atlas to null."


def refuse(complaints):
    """End with all complaints, if there are any."""
    if complaints:
        raise WorkflowError("\n".join(complaints))


SCHEMA = yaml.safe_load(Path(workflow.source_path("../schemas/config.schema.yaml")).read_text(encoding="utf-8"))
refuse(sorted(set(config_complaints(config, SCHEMA))))

RESULTS = f"results/{config['analysis']}"
PERMUTATION = config["permutation"]
CONTRASTS = [contrast["name"] for contrast in config["contrasts"]]
# An F contrast is a list of several rows, each an expression or a list of numbers.
F_CONTRASTS = [
    contrast["name"]
    for contrast in config["contrasts"]
    if len(contrast["weights"]) > 1
    and isinstance(contrast["weights"][0], (str, list))
    and not isinstance(contrast["weights"], str)
]
T_CONTRASTS = [name for name in CONTRASTS if name not in F_CONTRASTS]
refuse(list(later_complaints()))


def one_of(names):
    """A regular expression of names; of none, it matches nothing."""
    return "|".join(names) or "(?!)"


def statmap(stat, desc=None):
    """The file name of a map of one contrast, as BIDS derivatives are named."""
    return f"{RESULTS}/contrast-{{contrast}}_stat-{stat}{f'_desc-{desc}' if desc else ''}_statmap.nii.gz"


def model_statistic(contrast):
    """The statistic of the model of a contrast."""
    return "F" if contrast in F_CONTRASTS else "t"


def sidecar(path):
    """The JSON file that says what a map is."""
    return path.replace(".nii.gz", ".json")


def with_sidecars(**maps):
    """Named outputs for maps and for their JSON files."""
    return maps | {f"{name}_json": sidecar(path) for name, path in maps.items()}


def figure(name, caption):
    """Both files of a figure, the PNG with its caption for the report."""
    path = f"{RESULTS}/figures/contrast-{{contrast}}_{name}"
    reported = report(f"{path}.png", caption=f"../report/{caption}.rst", category="Figures", subcategory="{contrast}")
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
