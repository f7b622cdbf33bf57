"""docs/benchmarks.md has the tables of the stored results, and make calls every benchmark."""

import importlib
import re

import pytest

from common import PAGE, RESULTS, ROOT, read_table

# The blocks of the page whose scripts write one table of results: the script by the block.
BLOCKS = {
    "speed": "permutation_speed",
    "scaling": "permutation_scaling",
    "nuisance": "nuisance_speed",
    "robust": "robust_speed",
    "weighted": "weighted_speed",
    "discoveries": "discoveries_cost",
    "surfaces": "surface_speed",
    "many": "many_contrasts",
    "large": "large_studies",
    "first": "first_minute",
}
HELPERS = {"common", "turns", "last", "runs", "steps", "nilearn_analysis"}


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_is_what_its_script_makes_of_the_stored_results(block):
    text = PAGE.read_text().split(f"<!-- {block}: begin -->")[1].split(f"<!-- {block}: end -->")[0].strip()
    path = RESULTS / f"{BLOCKS[block]}.tsv"
    made = importlib.import_module(BLOCKS[block]).as_markdown(read_table(path)) if path.exists() else ""
    assert text == made, f"make it anew: benchmarks/{BLOCKS[block]}.py --docs"


def test_make_and_the_page_name_every_benchmark():
    scripts = {path.stem for path in (ROOT / "benchmarks").glob("*.py")} - HELPERS
    assert set(BLOCKS.values()) <= scripts
    for text in (ROOT / "Makefile", PAGE):
        assert set(re.findall(r"python benchmarks/(\w+)\.py", text.read_text())) == scripts, text
