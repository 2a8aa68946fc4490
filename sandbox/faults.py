"""The two ways in which the sandbox gives up, each one line to a reader and an exit code to a script."""


class Refused(Exception):  # noqa: N818 - what happened, in the word a reader would use
    """Something outside is not as it must be: a busy port, a wrong address, a second run. Exit code 2."""

    exit_code = 2


class Broken(Exception):  # noqa: N818 - as above
    """Something that we started did not come up, or did not stay up. Exit code 1."""

    exit_code = 1
