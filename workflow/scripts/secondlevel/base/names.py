"""Names and cells of the user's in messages, which stay short whatever they hold."""

import difflib

MOST_NAMES, MOST_CHARACTERS = 8, 100


def short(text):
    """A text in one line, cut if it is long."""
    text = " ".join(str(text).split())
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 3]}..."


def listed(names, most=MOST_NAMES):
    """Some names, and how many more there are."""
    names = list(names)
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(map(short, names[:most])) + more


def nearest(name, names):
    """Of some names the one that is written most like another, be it in capitals or not; None if none is like it."""
    folded = {str(known).casefold(): str(known) for known in names}
    near = difflib.get_close_matches(str(name).casefold(), folded, 1)
    return folded[near[0]] if near else None


def hint(name, names):
    """The end of a sentence on a name that is none: the question for the nearest one, if any is like it."""
    near = nearest(name, names)
    return "." if near is None else f"; did you mean '{short(near)}'?"


def counted(noun, number):
    """A number of things in a sentence, such as "1 row" or "1,024 rows"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
