from collections.abc import Iterator

import pytest

from tenants.vault import check, keyring


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Every test begins and ends without a key in memory, and without a line that was looked at."""
    keyring.forget()
    check._vouched.clear()
    yield
    keyring.forget()
    check._vouched.clear()
