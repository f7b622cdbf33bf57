"""The one exception that a user is meant to read."""


class InputError(Exception):
    """A mistake in what the user gave, told in one sentence.

    The sentence says what is wrong, in which subject, file, column or key, and what to do.
    """
