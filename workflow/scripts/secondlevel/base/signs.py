"""Signs in names that would do something where they are shown: on a terminal, in a log.

Plain Python, which imports no other file: rules and the scripts around a run use it too.
"""

import re
import sys

# Those that move the cursor, change colours, begin a line or turn the direction of writing; and halves of signs, which
# no file can hold. Line breaks and tabs are left to who writes the text.
DOING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def shown(text):
    """A text in which signs that would do something are written out, such as ``\\x1b``."""
    return DOING.sub(
        lambda found: f"\\x{ord(found[0]):02x}" if found[0] < "\u0100" else f"\\u{ord(found[0]):04x}", text
    )


def on_a_line(text):
    """The same of a text that is one line, whatever breaks the names in it hold."""
    return shown(text).replace("\n", "\\x0a").replace("\t", "\\x09")


def printable(text, file):
    """A text as `shown`, with what a terminal, by the file that stands for it, has no signs for written out too."""
    encoding = getattr(file, "encoding", None) or "utf-8"
    return shown(text).encode(encoding, "backslashreplace").decode(encoding)


def say(*lines, file=None):
    """Print lines, each as it is `printable`.

    Parameters
    ----------
    *lines : str
    file : text file, optional
        Standard output by default.
    """
    file = file or sys.stdout
    for line in lines:
        print(printable(str(line), file), file=file, flush=True)
