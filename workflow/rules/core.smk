"""The files of the core, and which of them a rule depends on. No rules here."""

import ast
import functools
import hashlib
from pathlib import Path

# Every file of the core, for runs that fetch the workflow from elsewhere: only files named here come along.
CORE_FILES = """
    __init__ clusters clustertable columns contrastfigures contrasttest correction design downloads
    emotion_regulation enhancement enumeration errors exchangeability figures files formula glm images localizer
    logs masking matrix neighbourhood nulls permutation preview provenance pseudot quality sample search
    shuffling simulation smoothing statistic statmaps study tables tail tails thresholds unionfind
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
