"""The page that leads to several reports."""

import html
from pathlib import Path

from index import NAME, headlines, write_index


def report(folder, name, *lines):
    path = folder / name / "report.html"
    path.parent.mkdir(parents=True)
    text = html.escape("\n".join(f"{contrast}\t{line}" for contrast, line in lines))
    path.write_text(f'<html><head>\n<meta name="headlines" content="{text}">\n</head></html>')
    return path


def test_of_one_report_there_is_no_page(tmp_path):
    report(tmp_path, "a", ("x", "Mean above 0: no region passes"))
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "report.html").write_text("<html>of something else</html>")
    assert write_index(tmp_path) is None
    assert not (tmp_path / NAME).exists()


def test_the_page_has_a_link_and_what_was_found_for_each_analysis(tmp_path):
    first = report(
        tmp_path, "a", ("x", 'patient & "control": 1 <b>region</b>'), ("y", "Mean above 0: no region passes")
    )
    report(tmp_path, "b#1", ("z", "Higher with age: 2 regions"))
    figure = tmp_path / "a" / "figures" / "contrast-x_stat-z_desc-highlight.png"
    figure.parent.mkdir()
    figure.touch()
    assert headlines(first) == [("x", 'patient & "control": 1 <b>region</b>'), ("y", "Mean above 0: no region passes")]
    page = write_index(tmp_path)
    text = page.read_text()
    assert page == tmp_path / NAME
    assert 'href="a/report.html"' in text
    assert 'href="b%231/report.html"' in text
    assert "patient &amp; &quot;control&quot;: 1 &lt;b&gt;region&lt;/b&gt;" in text
    assert text.count("<img") == 1
    assert 'src="a/figures/contrast-x_stat-z_desc-highlight.png"' in text
    assert text.index("a/report.html") < text.index("b%231/report.html")
    assert write_index(tmp_path).read_text() == text  # again, the same
    assert [path.name for path in Path(tmp_path).iterdir() if path.name.startswith(".")] == []
