"""The stand-in's test users and their businesses."""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from sqlite3 import IntegrityError
from typing import Any

from sandbox.hmrc.businesses import Business, read_business
from sandbox.hmrc.store import Row, Store

# HMRC's own pattern; the suffix is optional in HMRC's code. The documentation prefix QQ does not pass.
NINO = re.compile(
    r"([ACEHJLMOPRSWXY][A-CEGHJ-NPR-TW-Z]|B[A-CEHJ-NPR-TW-Z]|G[ACEGHJ-NPR-TW-Z]|[KT][A-CEGHJ-MPR-TW-Z]"
    r"|N[A-CEGHJL-NPR-SW-Z]|Z[A-CEGHJ-NPR-TW-Y])[0-9]{6}[A-D ]?"
)


# A QQ is nobody's but theirs, whose outcome is fixed.
_EVERYONE = "SELECT * FROM users WHERE nino NOT LIKE 'QQ%' ORDER BY rowid"
_MAGIC = "SELECT * FROM users WHERE nino LIKE 'QQ%' ORDER BY nino"


class AlreadyThere(ValueError):  # noqa: N818 - the word of the house
    """A user or business with this NINO or id is there already."""


@dataclass(frozen=True, kw_only=True)
class User:
    user_id: str
    password: str = field(repr=False)
    access_code: str = field(repr=False)
    nino: str = field(repr=False)
    full_name: str
    enrolled: bool
    businesses: tuple[Business, ...] = ()


def new_nino() -> str:
    return f"AB{secrets.randbelow(10**6):06d}{secrets.choice('ABCD')}"


def new_user(
    *, nino: str, full_name: str, enrolled: bool, businesses: tuple[Business, ...] = (), user_id: str | None = None
) -> User:
    """Make up the secrets of a user: a password and the six-digit code that would come by text message."""
    return User(
        user_id=user_id or f"{secrets.randbelow(9 * 10**11) + 10**11}",
        password=secrets.token_urlsafe(9),
        access_code=f"{secrets.randbelow(10**6):06d}",
        nino=nino,
        full_name=full_name,
        enrolled=enrolled,
        businesses=businesses,
    )


class People:
    """Test users, kept in the store."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    # Queries

    def everyone(self) -> list[User]:
        return [self._build(row) for row in self._store.rows(_EVERYONE)]

    def magic(self) -> list[User]:
        """Those with a fixed outcome (`magic`): no ordinary people."""
        return [self._build(row) for row in self._store.rows(_MAGIC)]

    def by_id(self, user_id: str) -> User | None:
        row = self._store.row("SELECT * FROM users WHERE user_id = :user_id", user_id=user_id)
        return self._build(row) if row else None

    def by_nino(self, nino: str) -> User | None:
        row = self._store.row("SELECT * FROM users WHERE nino = :nino", nino=nino)
        return self._build(row) if row else None

    def _build(self, row: Row) -> User:
        columns: Mapping[str, Any] = {key: row[key] for key in row.keys() if key not in {"seeded", "enrolled"}}  # noqa: SIM118
        return User(**columns, enrolled=bool(row["enrolled"]), businesses=self.businesses(row["nino"]))

    def businesses(self, nino: str) -> tuple[Business, ...]:
        """Return a user's businesses, oldest first."""
        rows = self._store.rows("SELECT body FROM businesses WHERE nino = :nino ORDER BY rowid", nino=nino)
        return tuple(read_business(json.loads(row["body"])) for row in rows)

    # Mutators

    def add(self, user: User, *, seeded: bool = False) -> User:
        """Keep a new user. Raises AlreadyThere."""
        try:
            with self._store.transaction():
                self._insert(user, seeded=seeded)
        except IntegrityError as error:
            raise AlreadyThere("a user or business with this NINO or id is there already") from error
        return user

    def _insert(self, user: User, *, seeded: bool) -> None:
        self._store.change(
            "INSERT INTO users VALUES (:user_id, :password, :access_code, :nino, :full_name, :enrolled, :seeded)",
            **{key: value for key, value in vars(user).items() if key != "businesses"},
            seeded=seeded,
        )
        for business in user.businesses:
            self.add_business(nino=user.nino, business=business)

    def add_business(self, *, nino: str, business: Business) -> None:
        """Add a business to a user. Raises IntegrityError if its id is taken."""
        sql = "INSERT INTO businesses VALUES (:business_id, :nino, :body)"
        self._store.change(sql, nino=nino, **_row(business))

    def change_business(self, *, nino: str, business: Business) -> None:
        """Replace what is known of a user's business."""
        sql = "UPDATE businesses SET body = :body WHERE nino = :nino AND business_id = :business_id"
        self._store.change(sql, nino=nino, **_row(business))

    def drop_business(self, *, nino: str, business_id: str) -> bool:
        """Forget a business. False if the user has no such business."""
        sql = "DELETE FROM businesses WHERE nino = :nino AND business_id = :business_id"
        return self._store.change(sql, nino=nino, business_id=business_id) == 1

    def set_enrolled(self, *, user_id: str, enrolled: bool) -> bool:
        """Sign a user up for Making Tax Digital, or undo it. False if there is no such user."""
        sql = "UPDATE users SET enrolled = :enrolled WHERE user_id = :user_id"
        return self._store.change(sql, user_id=user_id, enrolled=enrolled) == 1

    def restore(self, user: User) -> None:
        """Bring a user's enrolment and businesses back to these."""
        with self._store.transaction():
            self.set_enrolled(user_id=user.user_id, enrolled=user.enrolled)
            self._store.change("DELETE FROM businesses WHERE nino = :nino", nino=user.nino)
            for business in user.businesses:
                self.add_business(nino=user.nino, business=business)

    def drop_added(self) -> None:
        """Forget every user who was not there at first start."""
        self._store.change("DELETE FROM users WHERE NOT seeded")


def _row(business: Business) -> dict[str, str]:
    return {"business_id": business.business_id, "body": json.dumps(business.describe())}
