"""
Which HMRC we talk to, and as whom: one frozen value, read from plain strings and checked against HMRC's rules at start.

Hosts are HMRC's own (its authorisation guide): the API and the token endpoint on the API host, the authorize page on
the tax-service host, although older documents give the API host for it; both are accepted.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Literal, Self, TypeAlias, get_args
from urllib.parse import urlsplit

from hmrc_door.addresses import is_loopback, origin, range_fault, redirect_uri_fault, syntax_fault
from hmrc_door.hidden import Hidden

Name: TypeAlias = Literal["local", "sandbox", "production"]
Values: TypeAlias = Mapping[str, str | None]

SCOPES = ("read:self-assessment", "write:self-assessment")
MOST_SECRETS = 5

_ADDRESSES: Mapping[Name, Mapping[str, str]] = {
    "local": {
        "HMRC_API_URL": "http://127.0.0.1:8001",
        "HMRC_AUTHORIZE_URL": "http://localhost:8001/oauth/authorize",
        "HMRC_TOKEN_URL": "http://127.0.0.1:8001/oauth/token",
    },
    "sandbox": {
        "HMRC_API_URL": "https://test-api.service.hmrc.gov.uk",
        "HMRC_AUTHORIZE_URL": "https://test-www.tax.service.gov.uk/oauth/authorize",
        "HMRC_TOKEN_URL": "https://test-api.service.hmrc.gov.uk/oauth/token",
    },
    "production": {
        "HMRC_API_URL": "https://api.service.hmrc.gov.uk",
        "HMRC_AUTHORIZE_URL": "https://www.tax.service.gov.uk/oauth/authorize",
        "HMRC_TOKEN_URL": "https://api.service.hmrc.gov.uk/oauth/token",
    },
}
# Where people see and remove what they have granted. HMRC documents no such page for its sandbox.
_MANAGE_AUTHORITY = "https://www.tax.service.gov.uk/applications-manage-authority"
_HOSTS: Mapping[Name, frozenset[str]] = {
    "local": frozenset(),
    "sandbox": frozenset({"test-api.service.hmrc.gov.uk", "test-www.tax.service.gov.uk"}),
    "production": frozenset({"api.service.hmrc.gov.uk", "www.tax.service.gov.uk"}),
}


class BadSetting(ValueError):  # noqa: N818  the word of the house
    """A setting that cannot be right: which, and why. Never quotes a secret."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Deadlines:
    """Seconds: for one connection, for one silence, and for one call in all. A lease must outlive `total_s`."""

    connect_s: float = 5.0
    read_s: float = 15.0
    total_s: float = 20.0


@dataclass(frozen=True, kw_only=True)
class Environment:
    """
    One of HMRC's environments, and our application in it. `client_secrets`: newest first; none in API processes.

    `egress_allow_list`: the ranges from which HMRC takes our requests, in CIDR notation, if it was told any;
    `egress_address`: the one they leave from, where this machine can't know it.
    """

    name: Name
    api_url: str
    authorize_url: str
    token_url: str
    client_id: str
    redirect_uri: str
    client_secrets: tuple[Hidden, ...] = ()
    scopes: tuple[str, ...] = SCOPES
    requests_per_second: int = 3
    egress_allow_list: tuple[str, ...] = ()
    egress_address: str = ""
    deadlines: Deadlines = field(default_factory=Deadlines)

    @classmethod
    def read(cls, values: Values) -> Self:
        """
        An environment from settings by name (`HMRC_ENVIRONMENT`, `HMRC_API_URL`, …); absent ones are HMRC's defaults.

        Secrets are separated by commas or line ends, scopes by spaces or commas.
        Raises BadSetting for what cannot be read at all; whether it obeys HMRC's rules is for `check`.
        """
        name = _read_name(values)
        addresses = {**_ADDRESSES[name], **{key: text for key, text in values.items() if text}}
        return cls(
            name=name,
            api_url=addresses["HMRC_API_URL"].rstrip("/"),
            authorize_url=addresses["HMRC_AUTHORIZE_URL"],
            token_url=addresses["HMRC_TOKEN_URL"],
            client_id=_text(values, "HMRC_CLIENT_ID"),
            client_secrets=tuple(map(Hidden, _items(values, "HMRC_CLIENT_SECRETS"))),
            redirect_uri=_text(values, "HMRC_REDIRECT_URI"),
            scopes=SCOPES if values.get("HMRC_SCOPES") is None else _items(values, "HMRC_SCOPES"),
            requests_per_second=_read_rate(values),
            egress_allow_list=_items(values, "HMRC_EGRESS_ALLOW_LIST"),
            egress_address=_text(values, "HMRC_EGRESS_ADDRESS"),
        )

    def check(self) -> Self:
        """This environment, if it obeys HMRC's rules. Raises BadSetting for the first that it breaks."""
        for setting, reason in self._faults():
            if reason:
                raise BadSetting(setting, reason)
        return self

    @property
    def api_origins(self) -> frozenset[tuple[str, str, int | None]]:
        """Where a token may be sent: scheme, host and port of the API and of the token endpoint."""
        return frozenset({origin(self.api_url), origin(self.token_url)})

    @property
    def manage_authority_url(self) -> str:
        """HMRC's page on which a person ends what they have granted; in local, the stand-in's."""
        page = urlsplit(_MANAGE_AUTHORITY)
        here = urlsplit(self.authorize_url) if self.name == "local" else page
        return page._replace(scheme=here.scheme, netloc=here.netloc).geturl()

    def _faults(self) -> tuple[tuple[str, str | None], ...]:
        return (
            ("HMRC_API_URL", self._address_fault(self.api_url, path=False)),
            ("HMRC_AUTHORIZE_URL", self._address_fault(self.authorize_url)),
            ("HMRC_TOKEN_URL", self._address_fault(self.token_url)),
            ("HMRC_CLIENT_ID", None if self.client_id else "is missing"),
            ("HMRC_CLIENT_SECRETS", _secrets_fault(self.client_secrets)),
            ("HMRC_REDIRECT_URI", _redirect_fault(self.redirect_uri)),
            ("HMRC_SCOPES", _scopes_fault(self.scopes)),
            ("HMRC_REQUESTS_PER_SECOND", None if self.requests_per_second >= 1 else "must be at least 1"),
            ("HMRC_EGRESS_ALLOW_LIST", next(filter(None, map(range_fault, self.egress_allow_list)), None)),
            ("HMRC_EGRESS_ADDRESS", _egress_fault(self.egress_address)),
        )

    def _address_fault(self, address: str, *, path: bool = True) -> str | None:
        if fault := syntax_fault(address):
            return fault
        parts = urlsplit(address)
        if parts.query or parts.fragment or bool(parts.path.strip("/")) is not path:
            return "must have a path and nothing after it" if path else "must have no path, query or fragment"
        return self._host_fault(scheme=parts.scheme, host=parts.hostname or "", port=parts.port)

    def _host_fault(self, *, scheme: str, host: str, port: int | None) -> str | None:
        if self.name == "local":
            return None if scheme in {"http", "https"} and is_loopback(host) else "must be on this machine in local"
        if scheme != "https" or port not in {None, 443}:
            return "must be https on its ordinary port"
        return None if host in _HOSTS[self.name] else f"is not a host of HMRC's {self.name} environment"


def _read_name(values: Values) -> Name:
    given = _text(values, "HMRC_ENVIRONMENT")
    for name in get_args(Name):
        if given == name:
            return name  # type: ignore[no-any-return]
    raise BadSetting("HMRC_ENVIRONMENT", f"must be one of {', '.join(get_args(Name))}")


def _read_rate(values: Values) -> int:
    given = _text(values, "HMRC_REQUESTS_PER_SECOND") or "3"
    if not re.fullmatch(r"-?[0-9]{1,6}", given):
        raise BadSetting("HMRC_REQUESTS_PER_SECOND", "must be a whole number")
    return int(given)


def _text(values: Values, name: str) -> str:
    return (values.get(name) or "").strip()


def _items(values: Values, name: str) -> tuple[str, ...]:
    return tuple(item for item in re.split(r"[\s,]+", _text(values, name)) if item)


def _secrets_fault(secrets: tuple[Hidden, ...]) -> str | None:
    if len(set(secrets)) < len(secrets):
        return "holds the same secret twice"
    return None if len(secrets) <= MOST_SECRETS else f"holds more than {MOST_SECRETS} secrets, HMRC's most"


def _egress_fault(address: str) -> str | None:
    try:
        if address:
            ip_address(address)
    except ValueError:
        return "is not an IP address"
    return None


def _redirect_fault(uri: str) -> str | None:
    return redirect_uri_fault(uri, web=True) if uri else "is missing"


def _scopes_fault(scopes: tuple[str, ...]) -> str | None:
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown:
        return f"holds a scope HMRC does not know: {unknown[0]}"
    return None if scopes else "is empty"
