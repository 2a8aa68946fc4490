"""
A pytest plugin: how the tests are spread over processes.

A file is never divided. The tests of a running Quarterday share two processes, each with a world of its own: those that
open pages in a browser wait for the browser most of the time, so the others run beside them.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

# What takes longest, for it waits on real time, begins first: the longest of all is how long the whole suite takes.
_FIRST = ("tests/stack/", "tests/hmrc_door/test_pace.py", "tests/sandbox/test_")
_PAGES = ("test_browser", "test_console", "test_landlord_pages", "test_landlord_links")


class ByFile(LoadFileScheduling):
    """A file goes to whichever process is free, in the order of collection."""

    def _split_scope(self, nodeid: str) -> str:
        if not nodeid.startswith("tests/stack/"):
            file: str = super()._split_scope(nodeid)
            return file
        in_pages = nodeid.removeprefix("tests/stack/").startswith(_PAGES) or nodeid.endswith("[pages]")
        return "pages" if in_pages else "stack"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Under `-n`, use the above."""
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first, and leave the order within."""
    items.sort(key=lambda item: next((rank for rank, start in enumerate(_FIRST) if item.nodeid.startswith(start)), 9))
