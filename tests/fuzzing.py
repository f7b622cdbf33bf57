"""Tests on many inputs, of which none may take long or much memory; the one that breaks a test is told."""

import functools
import multiprocessing
import os
import resource
import signal
import sys
import traceback

import psutil

from secondlevel.base.errors import InputError

SECONDS = 5  # of the processor for an input
BYTES = 10**9  # more than there are at the beginning, for all inputs of a test
WAITED = 600  # seconds for a test, should it wait for something that never comes
FORK = multiprocessing.get_context("fork")
current = None  # the input that is looked at


def bounded(test):
    """Have a test run in a process of its own, which gets no more than some memory."""

    @functools.wraps(test)
    def alone(*arguments, **named):
        process = FORK.Process(target=limited, args=(test, arguments, named))
        process.start()
        process.join(WAITED)
        process.kill()
        process.join()
        assert process.exitcode == 0, "see what it printed"

    return alone


def limited(test, arguments, named):
    """Call a test with the limits, and end this process with code 0 if it passes."""
    if sys.platform == "linux":
        most = psutil.Process().memory_info().data + BYTES
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    signal.signal(signal.SIGPROF, too_slow)
    try:
        test(*arguments, **named)
    except BaseException:
        traceback.print_exc()
        print(f"The last input: {current!r:.2000}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


def too_slow(*_):
    raise TimeoutError(f"an input took more than {SECONDS} s")


def each(inputs):
    """Give inputs, each with its number and some seconds."""
    global current
    for current in enumerate(inputs):
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        yield current
    signal.setitimer(signal.ITIMER_PROF, 0)


def outcome(function, *arguments):
    """What a function gives, and None; or None, and the sentence in which it refuses its arguments."""
    try:
        return function(*arguments), None
    except InputError as error:
        return None, str(error)


def is_sentence(text, *names, longest=1000):
    """Whether a refusal is one line of bearable length that names what it is about."""
    return "\n" not in text and len(text) <= longest and all(name in text for name in names)
