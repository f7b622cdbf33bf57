"""The house: which stage may import from which, what an edit reruns, what is declared, and how large a room may be."""

import ast
import functools
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
import yaml

import closure
from conftest import REPO

SCRIPTS = REPO / "workflow" / "scripts"
CORE = SCRIPTS / "secondlevel"
FOLDERS = ["base", "space", "datasets", "sample", "model", "permutation", "inference", "figures", "report"]
STAGES = FOLDERS[2:]  # base and space have no rules
# Files that rules read, too, import nothing of the core.
PLAIN = ["base/companions", "base/files", "base/guarding", "base/levels", "base/signs", "base/vest"]
PLAIN += ["datasets/atlases", "datasets/registry", "datasets/servers"]
PLAIN += ["inference/catalogue"]
PLAIN += ["model/grammar", "model/maps", "permutation/statistics/catalogue", "report/leftovers"]
PLAIN += ["space/forms", "space/mask_forms", "space/sources", "space/units"]


known = functools.cache(packages_distributions)  # of the modules that are installed here


@functools.cache
def rules():
    """The stage and the text of each rule of the workflow, by the name of its script."""
    found = {}
    for path in sorted((REPO / "workflow" / "rules").glob("*.smk")):
        for body in re.split(r"^ *(?:rule|checkpoint)\b.*:$", path.read_text(), flags=re.M)[1:]:
            (script,) = re.findall(r'"\.\./scripts/(\w+)\.py"', body)
            found[script] = path.stem, body
    return found


def imports(path):
    """The modules that a Python file imports, or looks into by `in_package`, and the line of each."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            yield node.module, node.lineno
        elif isinstance(node, ast.Call) and getattr(node.func, "id", None) == "in_package":
            yield node.args[0].value, node.lineno


def test_the_stages_have_one_word_each():
    assert {path.name for path in CORE.iterdir() if path.is_dir() and path.name != "__pycache__"} == set(FOLDERS)
    assert {name for name, _ in rules().values()} == set(STAGES)
    unit = {path.name for path in (REPO / "tests" / "unit").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert unit == set(FOLDERS)
    stage_of = {rule: stage for rule, (stage, _) in rules().items()}
    in_group = {rule: re.findall(r'^ +group:\n +"(\w+)"$', body, re.M) for rule, (_, body) in rules().items()}
    groups = {rule: name for rule, names in in_group.items() for name in names}
    assert groups == {rule: stage_of[rule] for rule in groups}
    local = {rule for rule, (_, body) in rules().items() if "localrule: True" in body}
    alone = {"permute", "compare_maps"}  # each a job of its own
    assert set(groups) | local | alone == set(stage_of)
    assert not set(groups) & (local | alone)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_imports_only_from_those_above_it(folder):
    above = FOLDERS[: FOLDERS.index(folder) + 1]
    for path in (CORE / folder).rglob("*.py"):
        for module, line in imports(path):
            first, *rest = (module or "").split(".")
            if first == "secondlevel" and rest:
                assert rest[0] in above, f"{path.relative_to(CORE)}:{line} imports {module}"


def test_imports_of_the_core_name_a_file():
    for path in SCRIPTS.rglob("*.py"):
        for module, line in imports(path):
            if module == "secondlevel" or (module or "").startswith("secondlevel."):
                file = SCRIPTS / (module.replace(".", "/") + ".py")
                assert module == "secondlevel" or file.is_file(), f"{path.relative_to(SCRIPTS)}:{line}: {module}"


def test_what_rules_read_too_imports_no_other_file():
    common = (REPO / "workflow" / "rules" / "common.smk").read_text()
    for name in PLAIN:
        assert f'"secondlevel/{name}.py"' in common
        assert not [module for module, _ in imports(CORE / f"{name}.py") if (module or "").startswith("secondlevel")]
    named = re.findall(r'"(?:secondlevel/)([\w/]+)\.py"', common)
    assert set(named) == set(PLAIN)
    for path in [REPO / "Snakefile", *(REPO / "workflow" / "rules").glob("*.smk")]:
        assert not re.search(r"import secondlevel|from secondlevel|sys\.path|sys\.argv", path.read_text()), path


def test_scripts_know_neither_the_path_nor_the_config():
    for path in SCRIPTS.rglob("*.py"):
        assert not re.search(r"sys\.path|sys\.argv|snakemake\.config|smk\.config", path.read_text()), path


@functools.cache
def reached_by(script):
    """The modules of the core from which a script's results follow."""
    return closure.reached(script, lambda path: SCRIPTS / path).keys() - closure.SILENT


def users_of(file):
    """The rules' scripts that an edit of a file of the core changes."""
    module = f"secondlevel.{file.replace('/', '.')}"
    found = set()
    for script, (_, body) in rules().items():
        # What is a function of the output is no reason to rerun.
        counts = f'core=core_digest("{script}")' in body
        found |= {script} if module in reached_by(script) and counts else set()
    return found


BRAINS = {"model_figures", "permutation_figures"}
SLICES = BRAINS | {"sample_figures"}
# All that reads an image, be it of the user or of an earlier rule.
OF_IMAGES = SLICES | {"brain_mask", "calibrate", "check_atlas", "cluster_tables", "compare_maps"}
OF_IMAGES |= {"correct", "correct_across", "diagnose", "discoveries", "fit", "masked_maps", "permute", "pinned_table"}
OF_IMAGES |= {"quality_check", "report", "simulate_dataset", "threshold"}
# What reads the maps of subjects, whatever they are on; and all that asks the space what an element is.
OF_MAPS = {"brain_mask", "masked_maps", "quality_check"}
OF_SPACES = OF_IMAGES - {"pinned_table", "simulate_dataset"}
# What is made of every contrast.
OF_CONTRASTS = BRAINS | {"fit", "threshold", "correct", "correct_across", "cluster_tables", "discoveries"}
# The file that is edited, and the rules whose results follow from it; what is made of these is made again, too.
RERUN = {
    "base/ledger": OF_IMAGES | {"design_matrix", "localizer_table", "own_table"},
    "base/logs": set(),
    "base/errors": set(),
    "base/contrast_files": OF_CONTRASTS | {"diagnose"},
    "base/names": set(),
    "base/signs": set(),
    "base/levels": {
        "calibrate",
        "characteristics",
        "describe",
        "diagnose",
        "permute",
        "report",
        "sample_figures",
    },
    "base/vest": {"quality_check"},
    "base/guarding": {
        "brain_mask",
        "describe",
        "fit",
        "masked_maps",
        "own_table",
        "quality_check",
        "report",
        "sample_figures",
    },
    "base/sides": SLICES
    | {
        "calibrate",
        "cluster_tables",
        "correct",
        "correct_across",
        "diagnose",
        "discoveries",
        "permute",
        "reduce_null",
        "report",
        "threshold",
    },
    "base/companions": {"own_table", "quality_check"},
    "space/holes": {"brain_mask", "masked_maps", "quality_check"},
    "space/holed_maps": {"masked_maps"},
    "space/partial": {"quality_check"},
    "space/mask_rules": {"brain_mask", "quality_check"},
    "sample/holes": {"brain_mask", "quality_check"},
    "model/estimable": {"brain_mask"},
    "model/heterogeneity": {"calibrate", "diagnose", "fit", "permute"},
    "model/weighted": {"diagnose", "fit"},
    "permutation/statistics/weighted": {"calibrate", "permute"},
    "space/files": OF_IMAGES,
    "space/headers": OF_IMAGES,
    "space/affines": OF_IMAGES,
    "space/matfiles": OF_IMAGES,
    "space/images": OF_IMAGES,
    "space/reference": OF_IMAGES,
    "space/intents": OF_IMAGES,
    "space/grids": {"brain_mask", "masked_maps", "quality_check"},
    "space/smoothing": OF_SPACES,
    "space/background": {"brain_mask", "masked_maps", "quality_check"},
    "space/masking": OF_MAPS,
    "space/survey": {"brain_mask", "quality_check"},
    "space/neighbourhood": OF_SPACES,
    "space/protocol": OF_SPACES,
    "space/kinds/volume": OF_SPACES,
    "space/kinds/volume_maps": OF_MAPS,
    "space/registry": OF_SPACES - {"brain_mask", "quality_check"},
    "space/map_registry": OF_MAPS,
    "space/series": OF_MAPS,
    "space/differences": OF_MAPS,
    "space/sources": OF_MAPS | {"describe", "fit", "own_table", "report"},
    "space/brain": OF_MAPS | {"compare_maps", "simulate_dataset"},
    "base/packages": SLICES | OF_MAPS | {"compare_maps", "packaged_atlas", "report", "simulate_dataset"},
    "space/template": SLICES | OF_MAPS | {"compare_maps", "simulate_dataset"},
    "datasets/atlases": {"packaged_atlas", "report"},
    "datasets/packaged": {"packaged_atlas"},
    "datasets/downloads": {"pinned_table"},
    "datasets/bounded": {"pinned_table"},
    "datasets/localizer": {"localizer_table"},
    "datasets/own": {"own_table"},
    "datasets/study": {"own_table"},
    "datasets/registry": {"describe", "report"},
    "datasets/servers": {"pinned_table"},
    "datasets/simulated_localizer": {"simulate_dataset"},
    "sample/selection": {"quality_check"},
    "sample/elsewhere": {"quality_check"},
    "sample/notices": {"diagnose"},
    "sample/quality": {"quality_check"},
    "sample/people": {
        "sample_figures",
        "calibrate",
        "characteristics",
        "describe",
        "diagnose",
        "report",
    },
    "sample/similarity": {"calibrate", "compare_maps", "diagnose", "report"},
    "sample/coverage": {"compare_maps"},
    "model/diagnostics": {"diagnose"},
    "model/residuals": {"calibrate", "diagnose"},
    "model/glm": {"calibrate", "diagnose", "fit", "model_figures", "permute"},
    "model/formula": {"design_matrix"},
    "model/aliasing": {"design_matrix"},
    "model/association": {"model_figures"},
    "model/cell_means": {"model_figures"},
    "model/comparison": {"characteristics", "model_figures", "report", "sample_figures"},
    "model/groups": {"characteristics", "report", "sample_figures"},
    "model/split": {"characteristics", "design_matrix", "model_figures", "report", "sample_figures"},
    "model/terms": {"characteristics", "model_figures", "report", "sample_figures"},
    "model/contrast_model": {"model_figures"},
    "permutation/engine": {"calibrate", "permute"},
    "permutation/moved": {"calibrate", "permute"},
    "permutation/cost": set(),
    "permutation/statistics/nuisance": {"calibrate", "permute"},
    "permutation/statistics/welch": {"calibrate", "permute"},
    "permutation/statistics/cluster_robust": {"calibrate", "diagnose", "permute"},
    "permutation/tree": {"calibrate", "diagnose", "permute", "report"},
    "permutation/statistics/catalogue": {"calibrate", "diagnose", "permute", "report"},
    "permutation/whole_maps/enhancement": {"calibrate", "permute"},
    "permutation/whole_maps/discoveries": {"calibrate", "cluster_tables", "discoveries", "permute"},
    "inference/catalogue": SLICES | {"cluster_tables", "report"},
    "inference/atlas": {"check_atlas", "cluster_tables", "report"},
    "inference/bounds": {"discoveries"},
    "inference/discoveries": {"cluster_tables", "discoveries"},
    "inference/regions": {"cluster_tables"},
    "inference/cluster_table": {"cluster_tables"},
    "inference/table_columns": {"cluster_tables"},
    "inference/correction": {"calibrate", "correct", "correct_across"},
    "inference/corrected": {"correct"},
    "inference/thresholds": SLICES
    | {"calibrate", "cluster_tables", "correct", "correct_across", "report", "threshold"},
    "inference/assumptions": {"diagnose"},
    "figures/style": SLICES,
    "figures/slices": SLICES,
    "figures/brains": SLICES,
    "figures/shown": SLICES,
    "figures/cells": SLICES,
    "figures/colours": SLICES,
    "figures/spread": SLICES,
    "figures/groups": {"model_figures"},
    "figures/variables": {"sample_figures"},
    "figures/montage": SLICES,
    "figures/design": {"sample_figures"},
    "base/wording": {"calibrate", "describe", "diagnose", "model_figures", "report"},
    "report/description": {"describe"},
    "report/neurovault": {"describe"},
    "report/provenance": {"provenance", "report"},
    "report/characteristics": {"characteristics", "report"},
    "report/headline": {"report"},
    "report/question": {"report"},
    "report/packing": {"report"},
    "report/shown_maps": {"report"},
    "report/offered": {"report"},
    "report/leftovers": set(),
}


@pytest.mark.parametrize("file", RERUN)
def test_an_edit_reruns_the_rules_whose_results_follow_from_it(file):
    assert (CORE / f"{file}.py").is_file()
    assert users_of(file) == RERUN[file]


def test_every_rule_has_a_script_a_message_and_a_digest():
    found = rules()
    plain = {"settings", "config_files", "facts", "complaints", "given", "closure", "run", "screen", "outlook"}
    plain |= {"incomplete", "index", "spaces", "elsewhere", "fsl", "permutation_complaints", "subtracted"}
    plain |= {"statsmodel", "statsnodes", "statsvariables"}
    assert found.keys() | plain == {path.stem for path in SCRIPTS.glob("*.py")}
    for script, (_, body) in found.items():
        assert f'core_digest("{script}")' in body
        assert re.search(r"^ +message:$", body, re.M), script


def declared(group):
    project = tomllib.loads((REPO / "pyproject.toml").read_text())
    wanted = project["project"]["dependencies"] + (project["dependency-groups"]["test"] if group == "test" else [])
    return {re.split(r"[<>=]", name)[0].lower() for name in wanted}


@pytest.mark.parametrize(
    ("folders", "group"), [(["workflow", "tools"], "run"), (["tests", "validation", "benchmarks", "docs"], "test")]
)
def test_what_is_imported_is_declared(folders, group):
    files = [path for folder in folders for path in (REPO / folder).rglob("*.py")]
    files += (REPO / "workflow" / "rules").glob("*.smk") if group == "run" else []
    own = {path.stem for path in REPO.rglob("*.py") if ".venv" not in path.parts} | {"secondlevel"}
    for path in files:
        if path.suffix == ".smk":
            names = set(re.findall(r"^ *(?:import|from) (\w+)", path.read_text(), re.M))
        else:
            names = {module.split(".")[0] for module, _ in imports(path) if module}
        for name in names:
            if name in sys.stdlib_module_names or name in own:
                continue
            distributions = {found.lower() for found in known().get(name, [name])}
            assert distributions & declared(group), f"{path}: {name}"


def test_what_is_declared_is_used():
    files = [*(REPO / "workflow").rglob("*.py"), *(REPO / "workflow").rglob("*.smk"), *(REPO / "tools").glob("*.py")]
    text = "\n".join(path.read_text() for path in files)
    imported = set(re.findall(r'^\s*(?:import|from) (\w+)|in_package\("(\w+)"', text, re.M))
    used = {found.lower() for names in imported for name in names for found in known().get(name, [])}
    # The engine of the workflow, its cluster, what Snakemake's own report needs, and what builds packages.
    assert declared("run") - used <= {"snakemake-executor-plugin-slurm", "pygments", "setuptools"}


def offered(environment):
    """The packages of a conda environment."""
    found = yaml.safe_load((REPO / "workflow" / "envs" / f"{environment}.yaml").read_text())["dependencies"]
    from_pip = [pin for part in found if isinstance(part, dict) for pin in part["pip"]]
    names = {re.split("=+", pin)[0] for pin in [*from_pip, *(part for part in found if isinstance(part, str))]}
    return names - {"python", "pip"}


def needed(script):
    """The packages that a rule's script and the files of the core that it reaches import, in functions too."""
    files = [SCRIPTS / f"{script}.py", *closure.reached(script, SCRIPTS.joinpath).values()]
    modules = {module.split(".")[0] for path in files for module, _ in imports(path) if module}
    return {known().get(name, [name])[0].lower() for name in modules - sys.stdlib_module_names - {"secondlevel"}}


def of_environments():
    """The scripts of rules by the conda environment that each declares."""
    found = {path.stem: [] for path in (REPO / "workflow" / "envs").glob("*.yaml")}
    for script, (_, body) in rules().items():
        (environment,) = re.findall(r'"\.\./envs/(\w+)\.yaml"', body)
        found[environment].append(script)
    return found


def test_the_lock_file_holds_what_its_packages_need():
    """Set-up installs what it names and nothing else."""
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("environment", of_environments())
def test_an_environment_holds_what_its_rules_import_and_nothing_else(environment):
    wanted = {script: needed(script) for script in of_environments()[environment]}
    lacking = {script: names - offered(environment) for script, names in wanted.items()}
    assert {script: names for script, names in lacking.items() if names} == {}
    assert offered(environment) == set().union(*wanted.values())


def definitions(path):
    """Functions and classes of a file, with whether they are public: not within a function, and no leading _."""

    def below(node, public):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
                shown = public and (not child.name.startswith("_") or child.name == "__call__")
                yield child, shown
                yield from below(child, shown and isinstance(child, ast.ClassDef))

    return below(ast.parse(path.read_text()), True)


def test_files_and_functions_are_small_and_documented():
    for path in SCRIPTS.rglob("*.py"):
        place = path.relative_to(SCRIPTS)
        assert path.read_text().count("\n") <= 250, place
        for node, public in definitions(path):
            lines = node.end_lineno - node.lineno + 1
            if isinstance(node, ast.FunctionDef):
                assert lines <= (25 if node.name == "main" else 45), f"{place}: {node.name} has {lines} lines"
            if public and node.name != "main":
                assert ast.get_docstring(node), f"{place}: {node.name} says nothing"


# What takes long to import, and these have no use for.
SPARED = dict.fromkeys(
    ("brain_mask", "check_atlas", "compare_maps", "masked_maps"),
    ("matplotlib", "pandas", "scipy.linalg", "scipy.ndimage", "scipy.special"),
)
SPARED |= dict.fromkeys(("fit", "permute", "report"), ("matplotlib", "pandas", "scipy.ndimage", "scipy.stats"))
SPARED |= dict.fromkeys(
    ("cluster_tables", "diagnose", "packaged_atlas", "simulate_dataset"), ("matplotlib", "pandas", "scipy.stats")
)
SPARED["discoveries"] = ("matplotlib", "pandas", "scipy.special")
SPARED |= dict.fromkeys(("sample_figures", "model_figures", "permutation_figures"), ("pandas", "scipy.stats"))


@pytest.mark.parametrize("script", SPARED)
def test_a_job_imports_only_what_it_uses(script):
    code = f"import sys, {script}; print([name for name in {SPARED[script]} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=SCRIPTS, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")
