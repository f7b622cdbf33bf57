"""What names may do to a terminal, a log or a caption: nothing."""

import io
import logging
import re
import subprocess
import sys

import pytest
from docutils.core import publish_parts

from conftest import REPO
from secondlevel.base.guarding import guarded, harmless, unguarded
from secondlevel.base.logs import Shown
from secondlevel.base.signs import DOING, on_a_line, say, shown

# What comes in, and what is shown of it.
SIGNS = {
    "\x1b[31mred": r"\x1b[31mred",
    "bell\x07 and back\x08": r"bell\x07 and back\x08",
    "over\rwritten": r"over\x0dwritten",
    "\x9b2J": r"\x9b2J",
    "\x00\x7f\x85": r"\x00\x7f\x85",
    "a\u202eb\u2066": r"a\u202eb\u2066",
    "half \udcff": r"half \udcff",
    "Größe 日本 é ‑ \\x1b": "Größe 日本 é ‑ \\x1b",
}


@pytest.mark.parametrize("text", SIGNS)
def test_signs_that_would_do_something_are_written_out_and_no_others(text):
    assert shown(text) == SIGNS[text]
    assert shown(shown(text)) == shown(text)


def test_every_control_character_is_written_out():
    for number in range(0x100):
        assert bool(DOING.match(chr(number))) == (not chr(number).isprintable() and chr(number) not in "\n\t\xa0\xad")
    assert on_a_line("a\nb\tc\x1b") == r"a\x0ab\x09c\x1b"
    assert shown("a\nb") == "a\nb"


@pytest.mark.parametrize(
    ("encoding", "line"),
    [("ascii", r"Gr\xf6\xdfe \u65e5 \x1b"), ("latin-1", r"Größe \u65e5 \x1b"), ("utf-8", r"Größe 日 \x1b")],
)
def test_a_terminal_is_told_what_it_has_signs_for(encoding, line):
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, newline="")
    say("Größe 日 \x1b", "second", file=file)
    assert raw.getvalue().decode(encoding) == f"{line}\nsecond\n"


def record(message, name="secondlevel", **more):
    return logging.LogRecord(name, logging.ERROR, "", 0, message, (), more.get("exc_info"))


def test_a_log_has_a_line_for_each_message_whatever_names_hold():
    log = Shown("%(levelname)s %(message)s")
    assert log.format(record("sub\x1b[2J\n2026-01-01 ERROR forged")) == r"ERROR sub\x1b[2J\x0a2026-01-01 ERROR forged"
    assert (
        log.format(record("file:1: UserWarning: a\n  b\x07\n", "py.warnings"))
        == "ERROR file:1: UserWarning: a\n  b\\x07\n"
    )
    try:
        raise ValueError("\x1b]0;title")
    except ValueError:
        text = log.format(record("the traceback", exc_info=sys.exc_info()))
    assert text.count("\n") >= 3
    assert "\x1b" not in text


LOGS = """
import os, sys
sys.path.insert(0, sys.argv[1])
from secondlevel.base.errors import InputError
from secondlevel.base.logs import log_to
log_to("a.log")
raise InputError("the subject sub-\\x1b[2J\\n\\u65e5\\udcff is none.")
"""


def test_the_last_words_of_a_job_are_one_harmless_line_on_an_ascii_terminal(tmp_path):
    scripts = REPO / "workflow" / "scripts"
    environment = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-c", LOGS, str(scripts)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True)
    assert done.stderr == rb"Error: the subject sub-\x1b[2J\x0a\u65e5\udcff is none. (log: a.log)" + b"\n"
    assert "ERROR the subject sub-\\x1b[2J\\x0a日\\udcff is none.\n" in (tmp_path / "a.log").read_text("utf-8")


HOSTILE = [
    "<script>window.hacked=1</script>",
    "</script><script>window.hacked=1</script>",
    "a`` `link <javascript:alert(1)>`_ ``b",
    "x\n\n.. raw:: html\n\n   <script>window.hacked=1</script>\n",
    "x\r\n\r\n.. include:: secret.txt\n\n",
    "x\u2028\u2028.. raw:: html\u2028\u2028   <b>",
    "x\x85.. image:: javascript:alert(1)",
    "`",
    "a\\",
    "\\``|x|_ *b* :raw-html:`<b>` http://evil.example",
    "{{ 7 * 7 }}{% set x = 1 %}",
    ") \x00``",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_harmless_name_is_text_in_a_literal(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.txt").write_text("the secret")
    for caption in (
        f"The column ``{harmless(name)}``.",
        f"Names\n``{harmless(name)}`` (variable ``{harmless(name)}``),",
    ):
        made = publish_parts(caption, writer="html")["body"]
        assert set(re.findall("<([a-z]+)", made)) <= {"p", "tt", "span"}
        assert "secret" not in made.replace("secret.txt", "")
        assert "href" not in made
    assert "<" not in harmless(name)


@pytest.mark.parametrize("value", [["age", "reading score"], {"é": ["日"]}, [], ["a:b[c]"], [0.1, None, True]])
def test_ordinary_names_stay_as_they_are(value):
    assert harmless(value) == guarded(value) == unguarded(guarded(value)) == value


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_guarded_is_harmless_and_comes_back(name):
    for value in ([name, "age"], {"names": [name]}):
        assert not re.search(r"[<`\n\x00]", str(guarded(value)))
        assert unguarded(guarded(value)) == value
