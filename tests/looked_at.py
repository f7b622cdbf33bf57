"""What a reader of a report looks at: the first screen, contents, figures, tables, groups, paper."""

import numpy as np

from secondlevel.base.columns import read_rows
from secondlevel.base.files import read_json


def check_first_screen(browser, folder):
    """The headline and a picture are seen before anything is scrolled, and the corrections stand in a table."""
    for screen in ((1920, 1080), (1366, 768)):
        browser.resize(*screen)
        browser.run("scrollTo(0, 0)")
        tops = browser.run(
            "return ['.headline', '.first img'].map(s => document.querySelector(s).getBoundingClientRect())"
            ".map(box => [box.top, box.bottom, box.width])"
        )
        for _, bottom, width in tops:
            assert 0 < bottom < screen[1]
            assert width > 300
    contrasts = read_json(folder / "provenance.json")["settings"]["contrasts"]
    headlines = browser.run("return [...document.querySelectorAll('.headline')].map(e => e.textContent)")
    assert len(headlines) == len(contrasts)
    rows = browser.run("return [...document.querySelectorAll('.finding table tbody tr')].map(row => row.innerText)")
    summaries = [path for path in folder.glob("contrast-*_null.json") if "desc-discoveries" not in path.name]
    assert len(rows) == len(summaries) + 2 * len(contrasts)
    assert any("family-wise error, 5 %" in row and "exchangeable errors" in row for row in rows)
    assert any(row.startswith("false discovery rate") and "normal errors" in row for row in rows)


def check_contents(browser, folder):
    """The contents stay in view wherever the page is, on a phone too, and mark the section that is read."""
    for width in (1366, 390):
        browser.resize(width, 800)
        browser.run("document.getElementById('methods').scrollIntoView()")
        top, bottom = browser.run(
            "const box = document.querySelector('.contents').getBoundingClientRect(); return [box.top, box.bottom]"
        )
        assert (top, bottom < 80) == (0, True)
        heading = browser.run("return document.querySelector('#methods h2').getBoundingClientRect().top")
        assert bottom <= heading < 200  # not under them
        browser.until("return document.querySelector('.contents [aria-current]').hash === '#methods'")
    browser.run("scrollTo(0, 0)")


def check_enlarging(browser, folder):
    """A click, or Enter, shows a figure larger than on the page; Escape and a click take it away."""
    browser.resize(1366, 800)
    browser.run("document.querySelector('figure img.enlargeable').click()")
    before, after = browser.run(
        "return ['figure img.enlargeable', 'dialog img'].map(s => document.querySelector(s).width)"
    )
    assert after > before
    assert browser.run("return document.querySelector('dialog').open")
    browser.run("document.querySelector('dialog img').click()")
    assert not browser.run("return document.querySelector('dialog').open")
    browser.run(
        "document.querySelector('figure img.enlargeable')"
        ".dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}))"
    )
    assert browser.run("return document.querySelector('dialog').open")
    browser.run("document.getElementById('enlarged-close').click()")
    assert not browser.run("return document.querySelector('dialog').open")


def check_scrolling(browser, folder):
    """On a phone a table that is wider than the screen scrolls inside of itself, and shows that it does."""
    browser.resize(390, 800)
    wide = browser.run(
        "return [...document.querySelectorAll('.finding .scroll')].map(e => [e.scrollWidth > e.clientWidth,"
        " getComputedStyle(e).overflowX, getComputedStyle(e).backgroundImage.split('linear-gradient').length - 1])"
    )
    assert wide
    assert all(found == [True, "auto", 4] for found in wide)
    assert browser.run("return document.documentElement.scrollWidth") <= 390


def check_folded(browser, folder):
    """Clusters with every p above .2 are folded, and counted."""
    rows = [row for row in read_rows(next(folder.glob("contrast-*_desc-clusters_table.tsv"))) if row["peak"] == "1"]
    least = [min(float(row[key]) for key in row if key.startswith("p_")) for row in rows]
    assert text_of_first(browser, "details.folded summary").startswith(f"{sum(p > 0.2 for p in least)} more clusters")
    seen = "return [...document.querySelectorAll('details.folded tbody tr')].map(e => e.checkVisibility())"
    assert len(browser.run(seen)) >= sum(p > 0.2 for p in least)
    assert set(browser.run(seen)) == {False}
    browser.run("document.querySelector('details.folded summary').click()")
    assert set(browser.run(seen)) == {True}


def check_print(browser, folder):
    """On paper contents and dialogs are gone, nothing is cut, and no heading stands alone at the end of a page."""
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    style = "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]"
    for element in (".contents", "dialog", ".skip"):
        assert browser.run(style, element, "display") == "none"
    for element in ("h2", "h3", "h4", "caption"):
        assert browser.run(style, element, "breakAfter") == "avoid"
    assert browser.run(style, ".scroll", "overflowX") == "visible"
    assert browser.run(style, "figure", "breakInside") == "avoid"
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def check_groups(browser, folder):
    """A study of groups asks for groups, and lists who is in each."""
    text = browser.run("return document.body.innerText")
    assert "patient minus control, at the same age and where site is Bath." in text
    assert "patient minus control, in Lund minus in Bath, at the same age." in text
    groups = browser.run("return [...document.querySelectorAll('.characteristics thead th')].map(e => e.textContent)")
    assert groups == ["", "control", "patient", "all"]
    age = {row["group"]: row for row in read_rows(folder / "characteristics.tsv") if row["variable"] == "age"}
    cells = browser.run(
        "return [...document.querySelectorAll('.characteristics tr')]"
        ".find(row => row.cells[0].textContent === 'age').innerText"
    )
    assert f"{float(age['patient']['mean']):.4g} ({float(age['patient']['sd']):.3g})" in cells
    design = browser.run("return [...document.querySelectorAll('#design tbody tr')].map(e => e.innerText)")
    mean = np.mean([float(row["age"]) for row in read_rows(folder / "sample.tsv")])
    assert any(row.split()[:2] == ["age", f"{mean:.4g}"] for row in design)  # not centred


def text_of_first(browser, selector):
    return browser.run("return document.querySelector(arguments[0]).textContent", selector)
