"""Dots that are named where the mouse is: in an SVG file, what has a title shows it."""

import re

MARK = "title:"  # matplotlib knows links only, of which titles are made
LINK = re.compile(rf'<a xlink:href="{MARK}([^"]*)" target="_blank">(.*?)</a>', re.S)


def entitle(dots, names):
    """Give each dot of a matplotlib collection its name."""
    dots.set_urls([f"{MARK}{name}" for name in names])


def with_titles(svg):
    """The text of an SVG file with titles in the place of the links that `entitle` made."""
    return LINK.sub(r"<g><title>\1</title>\2</g>", svg)
