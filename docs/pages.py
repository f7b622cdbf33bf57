"""What the site is made of: the repository's pages at their own places, so that their links hold here as on GitHub.

A hook of MkDocs, named in `mkdocs.yml`.
"""

import re
from pathlib import Path

from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parents[1]


def pages():
    """The paths of all pages, seen from the project's folder."""
    own = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "config/README.md")]
    return [path.relative_to(ROOT) for path in [*own, *sorted((ROOT / "docs").rglob("*.md"))]]


def linked(page):
    """The files that a page links to and that are no pages themselves, such as pictures and licences."""
    for target in re.findall(r"\]\(([^):#]+)\)", (ROOT / page).read_text(encoding="utf-8")):
        path = (ROOT / page.parent / target).resolve()
        if path.is_file() and path.suffix != ".md":
            yield path.relative_to(ROOT)


def on_files(files, config):
    """Take these files, in place of what lies in `docs`."""
    for file in [file for file in files if file.src_dir == config.docs_dir]:
        files.remove(file)
    for path in sorted({*pages(), *(path for page in pages() for path in linked(page)), *map(Path, config.extra_css)}):
        files.append(File.generated(config, path.as_posix(), abs_src_path=str(ROOT / path)))
    return files
