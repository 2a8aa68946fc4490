"""Where an agency lets a browser be sent, and whose pages it lets call."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.models import Agency

LISTED = ["https://a.example/app", "https://b.example", "http://localhost:*", "https://c.example:8443/x/"]


@pytest.fixture
def agency() -> Agency:
    return Agency(name="Alpha", return_urls=LISTED, allowed_origins=["https://a.example", "http://localhost:*"])


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/app",
        "https://a.example/app/",
        "https://a.example/app/connected?landlord=1#top",
        "https://b.example",
        "https://b.example/anything/at/all",
        "http://localhost:5173/back",
        "http://localhost/back",
        "https://c.example:8443/x",
        "https://b.example/a..b/...",
    ],
)
def test_a_browser_may_be_sent_to_a_listed_address_and_below(url: str, agency: Agency) -> None:
    assert agency.may_return_to(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/app",
        "//a.example/app",
        "https://a.example/",
        "https://a.example/application",
        "http://a.example/app",
        "https://a.example:8443/app",
        "https://a.example.evil.example/app",
        "https://evil.example/https://a.example/app",
        "https://a.example@evil.example/app",
        "https://user@a.example/app",
        "https://evil.example\\@a.example/app",
        "http://evil.example\\@localhost:1/",
        "http://user:pw@localhost:1/",
        "http://localhost:1\\.evil.example/",
        "http://localhost:99999999/",
        "http://localhost:0/",
        "http://localhost:5173/b\u00e4ck",
        "https://c.example/x",
        "https://localhost:5173/back",
        "http://localhost.evil.example:5173",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://a.example/app/../admin",
        "https://a.example/app/./x",
        "https://a.example/app/%2e%2e/admin",
        "https://a.example/app/..%2fadmin",
        "https://a.example/app/..\\admin",
        "https://a.example/app/x%5c..%5cadmin",
        "http://[",
        "http://[::1",
        "http://a]b",
        "http://\u2100.example",
    ],
)
def test_a_browser_is_sent_nowhere_else(url: str, agency: Agency) -> None:
    assert not agency.may_return_to(url)


@pytest.mark.parametrize("origin", ["https://a.example", "http://localhost:5173", "http://localhost"])
def test_pages_of_a_listed_origin_may_call(origin: str, agency: Agency) -> None:
    assert agency.allows_origin(origin)


@pytest.mark.parametrize(
    "origin", ["", "null", "https://b.example", "http://a.example", "https://a.example:1", "http://["]
)
def test_pages_of_no_other_origin_may_call(origin: str, agency: Agency) -> None:
    assert not agency.allows_origin(origin)


@settings(max_examples=200, deadline=None, database=None, derandomize=True)
@given(st.text(st.sampled_from("htps:/[]@\\?#%.*ab\u2100e2fx\t"), max_size=25))
def test_whatever_is_asked_it_is_allowed_or_not_and_nothing_breaks(url: str) -> None:
    agency = Agency(name="Alpha", return_urls=["http://[", "https://a.example"], allowed_origins=["http://a]b"])

    assert agency.may_return_to(url) in {True, False}
    assert agency.allows_origin(url) is False


def test_a_schema_is_named_by_us_and_never_by_the_agency() -> None:
    agency = Agency(name='public"; DROP SCHEMA public; --')

    assert agency.schema_name == f"t_{agency.pk.hex}"


def test_only_on_ones_own_machine_does_a_star_mean_any_port() -> None:
    everywhere = Agency(name="A", return_urls=["https://a.example:*", "http://localhost:*"])

    assert everywhere.may_return_to("http://localhost:5173/back")
    assert not everywhere.may_return_to("https://a.example:8443/")
