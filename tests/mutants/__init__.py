"""Mutation testing of the heart: each small change to the protocol's code must make a test fail. `make mutants`.

The changes are mutmut's and two of our own. They are judged here, for its own runner copies the tree, leaves decorated
functions and tables of constants alone, and imports Django and makes the databases anew for each run: here every
mutant is put into a child of one warm parent, and judged by the tests that run its lines.
"""
