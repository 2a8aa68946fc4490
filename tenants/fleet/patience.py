"""How long a table is waited for that an agency is using: behind whoever waits for it, everybody else queues."""

from typing import Any

LOCK_TIMEOUT = "lock_timeout = '3s'"


def wait_a_little(cursor: Any, *, scope: str = "LOCAL") -> None:
    """From now on a lock that is not had in time is an error; for the transaction, or for the whole SESSION."""
    cursor.execute(f"SET {scope} {LOCK_TIMEOUT}")
