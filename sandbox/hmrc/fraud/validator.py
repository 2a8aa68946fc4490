"""Judge the headers of one request, each by itself and against each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sandbox.hmrc.fraud import findings, values
from sandbox.hmrc.fraud.findings import Finding, invalid
from sandbox.hmrc.fraud.formats import CHECKERS
from sandbox.hmrc.fraud.methods import CONNECTION_METHOD, HEADERS, Method

PREFIXES = ("gov-client-", "gov-vendor-")
Headers = Mapping[str, str]


@dataclass(frozen=True)
class Cross:
    """Two headers that must agree: the one, and a field of the first hop of Gov-Vendor-Forwarded."""

    header: str
    hop_field: str

    @property
    def headers(self) -> tuple[str, str]:
        return (self.header, "gov-vendor-forwarded")

    def check(self, headers: Headers) -> Iterator[Finding]:
        value, forwarded = (headers.get(name) for name in self.headers)
        first = values.fields(values.items(forwarded)[0]).known.get(self.hop_field) if forwarded else None
        if value and first and values.address(value) != values.address(first):
            yield invalid(
                f"Value of '{self.hop_field}' in the first hop must be the same as {self.header}", *self.headers
            )


CROSS_CHECKS = (Cross("gov-client-public-ip", "for"), Cross("gov-vendor-public-ip", "by"))


def fraud_headers(headers: Headers) -> dict[str, str]:
    """Return the fraud-prevention headers of a request, in lower case."""
    lower = {name.lower(): value.strip() for name, value in headers.items()}
    return {name: value for name, value in lower.items() if name.startswith(PREFIXES)}


def method_of(headers: Headers) -> Method | None:
    """Return the connection method, or None if it is none that the specification knows."""
    value = headers.get(CONNECTION_METHOD, "")
    return Method(value) if value in set(Method) else None


def judge(headers: Headers) -> dict[str, list[Finding]]:
    """Return the findings of every header that was sent or should have been. Takes what fraud_headers gives."""
    method = method_of(headers)
    names = [*headers, *(name for name, methods in HEADERS.items() if name not in headers and _due(method, methods))]
    return {name: [*_judge(name, headers.get(name), method)] for name in names}


def judge_together(headers: Headers) -> dict[Cross, list[Finding]]:
    """Return the findings about headers that contradict each other."""
    return {cross: [*cross.check(headers)] for cross in CROSS_CHECKS}


def _due(method: Method | None, methods: frozenset[Method]) -> bool:
    # Without a connection method nothing is known to be due but what every method sends.
    return methods == frozenset(Method) if method is None else method in methods


def _judge(name: str, value: str | None, method: Method | None) -> Iterator[Finding]:
    if value is None:
        yield findings.missing(name)
    elif name not in HEADERS:
        yield findings.unexpected(name, "Unrecognised header. Check format and spelling")
    elif method is not None and method not in HEADERS[name]:
        yield findings.unexpected(name, "Header is not part of your connection method")
    elif not value:
        yield findings.empty(name)
    elif not value.isascii() or not value.isprintable():
        yield invalid("Value must be US-ASCII", name)
    elif values.is_placeholder(value):
        yield invalid("Value is a placeholder. Submit no value instead.", name)
    else:
        yield from (replace(finding, headers=(name,)) for finding in dict.fromkeys(CHECKERS[name](value, method)))
