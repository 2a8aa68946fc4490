"""How tokens are usually kept, beside ours on the same stand-in under the same faults: two workers, small and fair.

Both look at a row that says `active`, spend its token and save what came. What HMRC refuses as `invalid_grant` is dead
and its landlord is asked to connect again; whatever else goes wrong is tried again later.
"""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from uuid import uuid4

import redis
import requests
from django.db import DatabaseError, connections

from hmrc_oauth import stopping
from tenants.db import connection
from tests.sandbox.hmrc.driver import CLIENT_ID, SECRETS
from tests.soak.design import WANTED, Entry, digest
from tests.soak.ground import Ground
from tests.soak.hand import Hand
from tests.soak.scale import DEADLINE_S, LEASE

_TABLE = """
CREATE TABLE IF NOT EXISTS baseline (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, design text, nino text, token text, status text,
    version bigint DEFAULT 0, wanted boolean DEFAULT true, UNIQUE (design, nino)
)
"""
_ENROL = """
INSERT INTO baseline (design, nino, token, status) VALUES (%s, %s, %s, 'active')
ON CONFLICT (design, nino) DO UPDATE SET token = excluded.token, status = 'active', version = baseline.version + 1
"""
_WORKS = "design = %s AND status = 'active'"
_PICK = f"SELECT id FROM baseline WHERE {_WORKS} AND wanted ORDER BY random() LIMIT 1"
_NEXT = "version = version + 1"
_RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end"


class ReadCallSave:
    """Read the token, spend it, save the new one."""

    name: str = "read_call_save"

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.hands: list[Hand] = []
        _do(_TABLE)

    def enrol(self, nino: str, tokens: dict[str, str]) -> None:
        _do(_ENROL, self.name, nino, tokens["refresh_token"])

    def want(self, chance: random.Random) -> None:
        for (row,) in _do(f"SELECT id FROM baseline WHERE {_WORKS}", self.name):
            if chance.random() < WANTED:
                _do("UPDATE baseline SET wanted = true WHERE id = %s", row)

    def entries(self) -> dict[str, Entry]:
        rows = _do("SELECT nino, id, status, token, version FROM baseline WHERE design = %s", self.name)
        return {nino: Entry(row, status, digest(token), version, version) for nino, row, status, token, version in rows}

    def work(self, hand: Hand) -> None:
        while not stopping.has_begun():
            try:
                self._step(hand)
            except (DatabaseError, redis.RedisError):
                connections.close_all()
                time.sleep(0.05)

    def _step(self, hand: Hand) -> None:
        picked = _do(_PICK, self.name)
        if not picked:
            time.sleep(0.02)
            return
        row = picked[0][0]
        hand.take(row)
        with self._held(row) as mine:
            if mine:
                self._refresh(row)
                _do("UPDATE baseline SET wanted = false WHERE id = %s", row)
        hand.drop()

    @contextmanager
    def _held(self, row: int) -> Iterator[bool]:
        yield True

    def _refresh(self, row: int) -> None:
        found = _do("SELECT token FROM baseline WHERE id = %s AND status = 'active'", row)
        if not found:
            return
        form = {"grant_type": "refresh_token", "client_id": CLIENT_ID, "client_secret": SECRETS[0]}
        address = f"{self._ground.served.address}/oauth/token"
        try:
            answer = requests.post(address, data={**form, "refresh_token": found[0][0]}, timeout=DEADLINE_S)
            body = answer.json()
        except requests.RequestException:
            return
        if answer.ok:
            _do(f"UPDATE baseline SET token = %s, {_NEXT} WHERE id = %s", body["refresh_token"], row)
        elif body["error"] == "invalid_grant":
            _do(f"UPDATE baseline SET status = 'dead', {_NEXT} WHERE id = %s", row)


class RedisLock(ReadCallSave):
    """The same under a lock: SET NX PX with a token of our own, compared before it is deleted."""

    name = "redis_lock"
    lock_ms: ClassVar[int] = int(LEASE.total_seconds() * 1000)

    @contextmanager
    def _held(self, row: int) -> Iterator[bool]:
        key, mine = f"baseline:{row}", uuid4().hex
        with redis.Redis.from_url(self._ground.redis.server.url, socket_timeout=1) as client:
            if not client.set(key, mine, nx=True, px=self.lock_ms):
                yield False
                return
            yield True
            client.eval(_RELEASE, 1, key, mine)


def _do(sql: str, *values: object) -> list[Any]:
    """Each statement is a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall()) if cursor.description else []
