"""A pytest plugin: how the tests are spread over processes. A file is never divided; the world's tests share one."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

# What takes longest, for it waits on real time, begins first: the longest of all is how long the whole suite takes.
_FIRST = ("tests/stack/", "tests/hmrc_door/test_pace.py", "tests/sandbox/test_")


class ByFile(LoadFileScheduling):
    """A file goes to whichever process is free, in the order of collection."""

    def _split_scope(self, nodeid: str) -> str:
        return "stack" if nodeid.startswith("tests/stack/") else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Under `-n`, use the above."""
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first, and leave the order within."""
    items.sort(key=lambda item: next((rank for rank, start in enumerate(_FIRST) if item.nodeid.startswith(start)), 9))
