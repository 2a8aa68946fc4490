"""Counting what the database is asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants.vault import keyring


@contextmanager
def asked_afresh() -> Iterator[CaptureQueriesContext]:
    """What is asked by who holds no key yet. Else one of two who are compared might ask for more: where a key's five
    minutes in memory end.
    """
    keyring.forget()
    with CaptureQueriesContext(connection) as asked:
        yield asked
