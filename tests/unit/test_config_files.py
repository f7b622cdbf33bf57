"""Config files that cannot be read, or say what no setting can: told with the line and what to do."""

import random
import subprocess
import sys
import time

import pytest
import yaml

import settings
from conftest import REPO


def told_of(folder, text):
    """What is said of a config file with some text or bytes, without the path."""
    path = folder / "mine.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return [sentence.replace(f"{path}", "mine.yaml") for sentence in settings.misread(path)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1\nb: 2\na: 3\n", ["line 3: the key 'a' is also in line 1; keep one of them."]),
        ("a: {b: 1, c: 2, b: 3}\n", ["line 1: the key 'b' is also in line 1; keep one of them."]),
        ("a:\n- {b: 1}\n- b: 1\n  'b': 2\n", ["line 4: the key 'b' is also in line 3; keep one of them."]),
        (
            '{\n\t"a": 1,\n\t"a": {"b": 1, "b": 2}}',
            ["line 3: the key 'a' is also in line 2; keep one of them."]
            + ["line 3: the key 'b' is also in line 3; keep one of them."],
        ),
        ("a: &a {b: 1}\nc: {<<: *a, b: 2}\nd: {b: 1}\n", []),
        ("a: &a [b, *a]\n", []),
        ('{"a": "http:\\/\\/b"}', []),
    ],
)
def test_a_key_that_is_there_twice_is_told_with_its_lines(text, told, tmp_path):
    assert told_of(tmp_path, text) == [f"mine.yaml, {sentence}" for sentence in told]


@pytest.mark.parametrize("path", sorted((REPO / "config").glob("*.yaml")), ids=lambda path: path.name)
def test_shipped_configs_are_as_they_should_be(path):
    assert list(settings.misread(path)) == []


HEAD = "analysis: mine\ndesign: age\n"
IN_QUOTES = "within brackets and braces write a name such as group[patient] in quotes."
WRONG = {  # what stands below the head: the line that is named, and how the sentence ends
    "tab": ("contrasts:\n\t- {name: age}\n", 4, "indent with blanks, not with tabs."),
    "tab below": ("alpha:\n  fdr: 0.1\n\tfwe: 0.1\n", 5, "indent with blanks, not with tabs."),
    "level": ("contrasts:\n  - {name: patients, weights: group[patient]}\n", 4, IN_QUOTES),
    "levels": ("a: [group[patient], b]\n", 3, IN_QUOTES),
    "indented less": ("contrasts:\n  - a\n - b\n", 5, "at brackets and at quotation marks."),
    "indented more": ("mask: mni\n  zeros: value\n", 4, "write text that holds ': ' in quotes."),
    "no colon": ("mask mni\nzeros: value\n", 3, "write a colon and a blank after the key."),
    "two colons": ("mask: a: b\n", 3, "write text that holds ': ' in quotes."),
    "bracket": ("contrasts: [{name: age}\n", 3, "close the bracket or the quotation mark."),
    "quote": ("mask: 'mni\nzeros: value\n", 3, "close the bracket or the quotation mark."),
    "backtick": ("design: `a b` + c\n", 3, "write the text in quotes."),
    "at": ("mask: @x\n", 3, "write the text in quotes."),
    "star": ("mask: *.nii\n", 3, "write text that begins with * or & in quotes."),
    "merged": ("alpha: {<<: 5}\n", 3, "at brackets and at quotation marks."),
    "date": ("mask: mni\nexclude: [sub-01, 2020-13-45]\n", 4, "for a timestamp, but it is none; write it in quotes."),
    "number": ("exclude: {!!int seven: 1}\n", 3, "takes 'seven' for a int, but it is none; write it in quotes."),
    "dashes": ("---\nmask: mni\n", 3, "write one document, without ---."),
    "escape": ('mask: "a\x1bb"\n', 3, "which YAML does not know; take it out."),
}


@pytest.mark.parametrize("name", WRONG)
def test_the_line_that_cannot_be_read_is_told_with_what_to_do(name, tmp_path):
    text, line, end = WRONG[name]
    (sentence,) = told_of(tmp_path, HEAD + text)
    assert sentence.startswith(f"mine.yaml, line {line}: ")
    assert sentence.endswith(end)
    assert "\n" not in sentence


def aliases(opening, closing, name="{}: "):
    """A YAML file of a few lines whose last value is ten million others."""
    lines = [f"a0: &a0 {opening}{name.format('k')}1{closing}"]
    for i in range(1, 8):
        items = ", ".join(f"{name.format(f'k{j}')}*a{i - 1}" for j in range(10))
        lines.append(f"a{i}: &a{i} {opening}{items}{closing}")
    return "\n".join(lines)


MUCH = "the config file mine.yaml holds more than 100,000 values, perhaps by aliases (*name), or more than 30 within "
MUCH += "each other; write fewer."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (aliases("{", "}"), MUCH),
        (aliases("[", "]", ""), MUCH),
        ("a: " + "[" * 100_000, MUCH),
        ("{" * 31 + "}" * 31, MUCH),
        ("a: [" + "x," * 1_000_000 + "x]", MUCH),
        ("", "the config file mine.yaml holds no keys; config/README.md says which there are."),
        ("# nothing\n", "the config file mine.yaml holds no keys; config/README.md says which there are."),
        ("- a\n", "the config file mine.yaml holds no keys; config/README.md says which there are."),
        ("age", "the config file mine.yaml holds no keys; config/README.md says which there are."),
        ("a: Größe".encode("latin-1"), "the config file mine.yaml is not text in UTF-8; save it so."),
        ("a: 1".encode("utf-16"), "the config file mine.yaml is not text in UTF-8; save it so."),
    ],
    ids=range(11),
)
def test_a_file_that_is_no_config_is_told_in_a_sentence(text, sentence, tmp_path):
    began = time.perf_counter()
    assert told_of(tmp_path, text) == [sentence]
    assert time.perf_counter() - began < 5


def test_a_file_that_is_not_there_is_told(tmp_path):
    path = tmp_path / "none.yaml"
    assert list(settings.misread(path)) == [
        f"the config file {path} cannot be read (No such file or directory); correct its name."
    ]


@pytest.mark.parametrize("text", ["__use_yte__: true\n", "'__use_yte__': false\n", '{"__use_yte__": true}'])
def test_a_template_whose_code_would_run_is_told(text, tmp_path):
    (sentence,) = told_of(tmp_path, f"# mine\n{text}")
    assert sentence.startswith("mine.yaml, line 2: '__use_yte__' makes the file a template, whose code Snakemake runs")


def test_whatever_a_file_holds_is_taken_or_told_in_sentences(tmp_path):
    """What is taken is what YAML reads, and what YAML cannot read is told."""
    rng, seen = random.Random(5), set()
    parts = [
        "a",
        "b: ",
        "- ",
        "\n",
        "  ",
        " ",
        "\t",
        "[",
        "]",
        "{",
        "}",
        ",",
        "'",
        '"',
        "&x ",
        "*x",
        "!!set ",
        "? ",
        "|",
        ">",
    ]
    parts += [
        "#",
        ": ",
        "---",
        "%",
        "@",
        "`",
        "\x00",
        "\x85",
        "\ufeff",
        "\U0001f600",
        "1",
        "group[patient]",
        "<<: ",
        "\\",
    ]
    for _ in range(1500):
        text = HEAD * rng.randint(0, 1) + "".join(rng.choices(parts, k=rng.randint(1, 25)))
        found = told_of(tmp_path, text)
        try:
            value = yaml.safe_load(text)
        except yaml.YAMLError:
            value = None
        readable = isinstance(value, dict)
        seen.add(readable)
        assert readable or found, text
        assert all("\n" not in sentence and len(sentence) < 500 for sentence in found), found
    assert seen == {True, False}


def test_make_check_config_tells_before_snakemake_reads(tmp_path):
    """The tool says what is wrong in all files, runs nothing that stands in them, and is silent on good ones."""
    good, tab, code = (tmp_path / name for name in ("good.yaml", "tab.yaml", "code.yaml"))
    good.write_text("analysis: mine\n")
    tab.write_text("alpha:\n\tfdr: \x1b[2J\n".replace("\x1b", "\x07"))
    code.write_text("__use_yte__: true\nmask: \"?open('hacked', 'w').name\"\n")
    environment = {"PYTHONPATH": str(REPO / "workflow" / "scripts")}
    command = [sys.executable, REPO / "tools" / "check_config.py"]
    run = {"cwd": tmp_path, "env": environment, "capture_output": True, "text": True}
    done = subprocess.run([*command, good], **run)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = subprocess.run([*command, tab, good, code], **run)
    assert done.returncode == 1
    told = done.stderr.splitlines()
    assert [line.partition(": ")[0] for line in told] == ["Error", "Error"]
    assert told[0].startswith(f"Error: {tab}, line 2: ")
    assert told[1].startswith(f"Error: {code}, line 1: '__use_yte__'")
    assert "\x07" not in done.stderr
    assert not (tmp_path / "hacked").exists()
