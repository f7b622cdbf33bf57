"""Contenders that take turns: the time of a call, and permutations per second at the margin."""

import math
from dataclasses import dataclass

from common import MB

SURE = 3  # times the noise by which two numbers of permutations have to differ in time
TURNS = 5  # calls of either number, beyond which more of them help little
MOST = 2**12  # times the larger number of permutations, beyond which no doubling helps


@dataclass(frozen=True)
class Contender:
    """One of those that are compared.

    Attributes
    ----------
    name : str
    threads : int
    prepare : tuple
        What a Child takes, but the arguments that all contenders get.
    call, other : int
        Permutations of a call, and of the other one that makes the margin.
    """

    name: str
    threads: int
    prepare: tuple
    call: int
    other: int


def take_turns(contenders, children, calls, where):
    """Make both calls of each contender, one contender after the other.

    Parameters
    ----------
    contenders : list of Contender
    children : list of Child
    calls : dict of dict of list of Measurement, by contender and number of permutations
        Gets the new ones.
    where : str
        What to print before a contender's name.
    """
    for contender, child in zip(contenders, children, strict=True):
        for count in (contender.call, contender.other):
            _call(contender, child, calls, where, count)


def settle_margins(contenders, children, calls, where):
    """Call again where a contender's two numbers of permutations do not differ beyond the noise; as `take_turns`."""
    for contender, child in zip(contenders, children, strict=True):

        def again(count, contender=contender, child=child):
            return _call(contender, child, calls, where, count)

        settle(_seconds(calls[contender]), again)


def _call(contender, child, calls, where, count):
    result = child.call(count)
    calls.setdefault(contender, {}).setdefault(count, []).append(result)
    print(f"{where}: {contender.name}, {count}: {result.seconds:.3f} s", flush=True)
    return result.seconds


def _seconds(calls):
    return {count: [result.seconds for result in results] for count, results in calls.items()}


def measured(contender, calls):
    """A contender's columns of time and memory, from its calls; of time the best counts, of memory the first call."""
    first = calls[contender][contender.call][0]
    return {
        "contender": contender.name,
        "threads": contender.threads,
        "permutations": contender.call,
        "seconds": f"{min(_seconds(calls[contender])[contender.call]):.4f}",
        "per_second": f"{margin(contender, calls):.2f}",
        "memory_before_mb": f"{first.before / MB:.0f}",
        "memory_peak_mb": f"{first.peak / MB:.0f}",
        "workers_peak_mb": f"{first.workers / MB:.0f}",
    }


def margin(contender, calls):
    """Permutations per second between a contender's least and most of permutations, once they are settled."""
    return per_second(_seconds(calls[contender]))


def per_second(times):
    """Permutations per second between the least and the largest number of them.

    Parameters
    ----------
    times : dict of list of float, by number of permutations
        Seconds of calls. Of each number the best counts: what else a machine does can only make a call longer.
    """
    return (max(times) - min(times)) / gain(times)[0]


def gain(times):
    """By how many seconds the best call of most permutations is longer than that of fewest, and the noise in this.

    The noise is how far the best call is from the second best, of either number: were there no better one to be had,
    they would be close. Of what was called once it is infinite.
    """
    ends = [sorted(times[count]) for count in (min(times), max(times))]
    noise = max(end[1] - end[0] if len(end) > 1 else math.inf for end in ends)
    return ends[1][0] - ends[0][0], noise


def settle(times, call):
    """Call again until two numbers of permutations differ in time by several times the noise.

    First the same two, since the best of more calls is better; then twice as many as the larger one. Where that one
    takes twice as long as the other, no small difference of large numbers is sought, and with more permutations the
    noise would grow as the time does: the best of five calls is then all that the machine has to tell.

    Parameters
    ----------
    times : dict of list of float, by number of permutations
        Seconds of calls of at least two numbers; gets those of the new ones.
    call : callable
        Makes a call of so many permutations and returns its seconds.

    Raises
    ------
    RuntimeError
        If permutations take no time.
    """
    most = MOST * max(times)
    while True:
        longer, noise = gain(times)
        if longer > SURE * noise:
            return
        less, more = min(times), max(times)
        if min(len(times[less]), len(times[more])) >= TURNS:
            if longer > min(times[less]):
                return
            if 2 * more > most:
                raise RuntimeError(f"{more:,} permutations take no longer than {less:,}: there is no rate to tell.")
            more *= 2
        for count in (less, more):
            times.setdefault(count, []).append(call(count))
