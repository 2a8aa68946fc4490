from collections.abc import Iterator

import pytest

from tenants.vault import keyring


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Every test begins and ends without a key in memory."""
    keyring.forget()
    yield
    keyring.forget()
