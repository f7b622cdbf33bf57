"""The files of the core and of the report, and which of them a rule depends on. No rules here."""

import ast
import functools
import hashlib
from pathlib import Path

# Every file of the core, for runs that fetch the workflow from elsewhere: only files named here come along.
CORE_FILES = """
    __init__ answer captions citations clusters clustertable columns contrastfigures contrasttest correction
    design downloads emotion_regulation enhancement enumeration errors exchangeability figures files findings
    formula glm images localizer logs masking matrix methods neighbourhood nulls permutation preview provenance
    pseudot quality reportpage sample samplefigures search shuffling similarity simulation smoothing statistic
    statmaps study tables tail tails thresholds unionfind viewerdata wording
""".split()
CORE = {name: workflow.source_path(f"../scripts/secondlevel/{name}.py") for name in CORE_FILES}

# What the report is made of beside the core: templates, styles and scripts of the page, and the captions.
PAGE_FILES = """
    design.html inference.html methods.html niivue-0.69.0.umd.js niivue-LICENSE.txt page.css page.js parts.html
    report.html results.html sample.html viewer.css viewer.html viewer.js
""".split()
CAPTIONS = """
    association bonferroni_map cluster_table coverage design excluded glass highlight map_quality montage null
    null_summary permutation_map quality similarity thresholds variables workflow z_map
""".split()
PAGE = [workflow.source_path(f"../scripts/secondlevel/page/{name}") for name in PAGE_FILES]
PAGE += [workflow.source_path(f"../report/{name}.rst") for name in CAPTIONS]


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


def digest_of(paths):
    return hashlib.sha256(b"".join(Path(path).read_bytes() for path in paths)).hexdigest()[:16]


def core_digest(script):
    """A digest of the core modules that a rule's script uses, directly or not, so that editing one reruns the rule."""
    used, waiting = set(), core_imports(workflow.source_path(f"../scripts/{script}.py"))
    while waiting:
        used |= waiting
        waiting = set().union(*(core_imports(CORE[name]) for name in waiting)) - used
    return digest_of(CORE[name] for name in sorted(used))


def page_digest():
    """A digest of what the report is made of."""
    return digest_of(PAGE)
