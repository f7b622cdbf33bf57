"""Kernels as machine code."""

from numba import njit

# A division by 0 is infinite, as in numpy: with a check of each, loops would go through one number at a time.
HOW = {"nogil": True, "error_model": "numpy"}


def compiled(function):
    """A function as machine code, which is kept for the next job where some folder can be written."""
    try:
        return njit(cache=True, **HOW)(function)
    except RuntimeError:  # neither beside this file nor at home
        return njit(**HOW)(function)


def inner(function):
    """A part of kernels, which is kept with them; with no way in from Python it is compiled sooner."""
    return njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, **HOW)(function)
