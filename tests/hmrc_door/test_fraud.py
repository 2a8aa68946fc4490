"""Golden vectors: what each connection method sends, letter for letter, and what is said of what is lacking."""

from typing import Any, cast

import pytest

from hmrc_door.fraud import Facts, Method, build
from hmrc_door.fraud_table import HEADERS, HOW_TO_MEND

WEB: Facts = {
    "connection_method": "WEB_APP_VIA_SERVER",
    "device_id": "BEEC798B-b366-47fa-b1f8-92cede14a1ce",
    "user_agent": "Mozilla/5.0 (iPad; U; CPU OS 3_2_1 like Mac OS X; en-us) AppleWebKit/531.21.10 (KHTML, like Gecko)",
    "screens": [
        {"width": 1920, "height": 1080, "scaling_factor": 1, "colour_depth": 16},
        {"width": 3000, "height": 2000, "scaling_factor": 1.25, "colour_depth": 24},
    ],
    "window": {"width": 1256, "height": 803},
    "timezone": "UTC+01:00",
    "public_ip": "198.51.100.0",
    "public_port": 12345,
    "public_ip_timestamp": "2026-11-22T14:30:05.120Z",
    "mfa": [{"type": "TOTP", "timestamp": "2026-11-22T13:23Z", "unique_reference": "fc4b5fd6816f75a7"}],
    "user_ids": {"quarterday": "01890000-0000-7000-8000-000000000000"},
    "forwarded": [{"by": "203.0.113.6", "for": "198.51.100.0"}],
    "licence_ids": {"Quarterday": "8D7963490527D337"},
    "product_name": "Quarterday & Söhne",
    "versions": {"Quarterday": "0.1.0"},
}
WEB_SENDS = {
    "Gov-Client-Connection-Method": "WEB_APP_VIA_SERVER",
    "Gov-Client-Browser-JS-User-Agent": (
        "Mozilla/5.0 (iPad; U; CPU OS 3_2_1 like Mac OS X; en-us) AppleWebKit/531.21.10 (KHTML, like Gecko)"
    ),
    "Gov-Client-Device-ID": "beec798b-b366-47fa-b1f8-92cede14a1ce",
    "Gov-Client-Multi-Factor": "type=TOTP&timestamp=2026-11-22T13%3A23Z&unique-reference=fc4b5fd6816f75a7",
    "Gov-Client-Public-IP": "198.51.100.0",
    "Gov-Client-Public-IP-Timestamp": "2026-11-22T14:30:05.120Z",
    "Gov-Client-Public-Port": "12345",
    "Gov-Client-Screens": (
        "width=1920&height=1080&scaling-factor=1&colour-depth=16,"
        "width=3000&height=2000&scaling-factor=1.25&colour-depth=24"
    ),
    "Gov-Client-Timezone": "UTC+01:00",
    "Gov-Client-User-IDs": "quarterday=01890000-0000-7000-8000-000000000000",
    "Gov-Client-Window-Size": "width=1256&height=803",
    "Gov-Vendor-Forwarded": "by=203.0.113.6&for=198.51.100.0",
    "Gov-Vendor-License-IDs": "Quarterday=8D7963490527D337",
    "Gov-Vendor-Product-Name": "Quarterday%20%26%20S%C3%B6hne",
    "Gov-Vendor-Public-IP": "203.0.113.6",
    "Gov-Vendor-Version": "Quarterday=0.1.0",
}
# An integrator's server stands between the person and us; its entrance has an IPv6 address.
OTHER: Facts = {
    "connection_method": "OTHER_VIA_SERVER",
    "device_id": "beec798b-b366-47fa-b1f8-92cede14a1ce",
    "device": {"os-family": "Windows", "os-version": "Server 2012", "device-manufacturer": "Dell Inc."},
    "local_ips": ["FC00::", "10.1.2.3", "10.1.2.3", "fe80::1%eth0"],
    "local_ips_timestamp": "2026-11-22T14:30:04.000Z",
    "mac_addresses": ["EA:43:1A:5D:21:45", "10-12-cc-fa-aa-32"],
    "timezone": "UTC-01:15",
    "public_ip": "2001:db8::7",
    "public_port": 65535,
    "public_ip_timestamp": "2026-11-22T14:30:05.999Z",
    "mfa": [
        {"type": "AUTH_CODE", "timestamp": "2026-11-22T13:23:01.5Z", "unique_reference": "a,b&c=d"},
        {"type": "OTHER", "timestamp": "2026-11-22T13:20Z", "unique_reference": "0283da60063abfb3"},
    ],
    "user_ids": {"os": "domain\\alice", "ledger": "alice@post.example"},
    "forwarded": [
        {"by": "2001:0db8:85a3:0000:0000:8a2e:0370:7334", "for": "2001:db8:0::7"},
        {"by": "203.0.113.6", "for": "192.0.2.9"},
    ],
    "licence_ids": {"ledger": "8D79", "ledger pro": "0527"},
    "product_name": "Quarterday",
    "versions": {"ledger": "2.2.2", "Quarterday": "v0.1.0"},
}
OTHER_SENDS = {
    "Gov-Client-Connection-Method": "OTHER_VIA_SERVER",
    "Gov-Client-Device-ID": "beec798b-b366-47fa-b1f8-92cede14a1ce",
    "Gov-Client-Local-IPs": "fc00%3A%3A,10.1.2.3,fe80%3A%3A1",
    "Gov-Client-Local-IPs-Timestamp": "2026-11-22T14:30:04.000Z",
    "Gov-Client-MAC-Addresses": "ea%3A43%3A1a%3A5d%3A21%3A45,10%3A12%3Acc%3Afa%3Aaa%3A32",
    "Gov-Client-Multi-Factor": (
        "type=AUTH_CODE&timestamp=2026-11-22T13%3A23%3A01.5Z&unique-reference=a%2Cb%26c%3Dd,"
        "type=OTHER&timestamp=2026-11-22T13%3A20Z&unique-reference=0283da60063abfb3"
    ),
    "Gov-Client-Public-IP": "2001:db8::7",
    "Gov-Client-Public-IP-Timestamp": "2026-11-22T14:30:05.999Z",
    "Gov-Client-Public-Port": "65535",
    "Gov-Client-Timezone": "UTC-01:15",
    "Gov-Client-User-Agent": "os-family=Windows&os-version=Server%202012&device-manufacturer=Dell%20Inc.",
    "Gov-Client-User-IDs": "os=domain%5Calice&ledger=alice%40post.example",
    "Gov-Vendor-Forwarded": (
        "by=2001%3Adb8%3A85a3%3A%3A8a2e%3A370%3A7334&for=2001%3Adb8%3A%3A7,by=203.0.113.6&for=192.0.2.9"
    ),
    "Gov-Vendor-License-IDs": "ledger=8D79&ledger%20pro=0527",
    "Gov-Vendor-Product-Name": "Quarterday",
    "Gov-Vendor-Public-IP": "2001:db8:85a3::8a2e:370:7334",
    "Gov-Vendor-Version": "ledger=2.2.2&Quarterday=v0.1.0",
}
BATCH: Facts = {
    "connection_method": "BATCH_PROCESS_DIRECT",
    "device_id": "beec798b-b366-47fa-b1f8-92cede14a1ce",
    "device": {"os-family": "Linux", "os-version": "6.1.0-13-amd64"},
    "local_ips": ["172.18.0.4"],
    "local_ips_timestamp": "2026-11-22T02:00:00.001Z",
    "mac_addresses": ["02:42:ac:12:00:04"],
    "timezone": "UTC+00:00",
    "user_ids": {"os": "quarterday"},
    "licence_ids": {"Quarterday": "8D79"},
    "product_name": "Quarterday",
    "versions": {"Quarterday": "0.1.0"},
}
BATCH_SENDS = {
    "Gov-Client-Connection-Method": "BATCH_PROCESS_DIRECT",
    "Gov-Client-Device-ID": "beec798b-b366-47fa-b1f8-92cede14a1ce",
    "Gov-Client-Local-IPs": "172.18.0.4",
    "Gov-Client-Local-IPs-Timestamp": "2026-11-22T02:00:00.001Z",
    "Gov-Client-MAC-Addresses": "02%3A42%3Aac%3A12%3A00%3A04",
    "Gov-Client-Timezone": "UTC+00:00",
    "Gov-Client-User-Agent": "os-family=Linux&os-version=6.1.0-13-amd64",
    "Gov-Client-User-IDs": "os=quarterday",
    "Gov-Vendor-License-IDs": "Quarterday=8D79",
    "Gov-Vendor-Product-Name": "Quarterday",
    "Gov-Vendor-Version": "Quarterday=0.1.0",
}
GOLDEN = {"web": (WEB, WEB_SENDS), "other": (OTHER, OTHER_SENDS), "batch": (BATCH, BATCH_SENDS)}
_ROWS = [(method, name) for method, (_, sends) in GOLDEN.items() for name in sends]


def without(facts: Facts, *names: str) -> Facts:
    return cast("Facts", {name: value for name, value in facts.items() if name not in names})


def changed(facts: Facts, **more: Any) -> Facts:
    return cast("Facts", {**facts, **more})


@pytest.mark.parametrize(("method", "name"), _ROWS)
def test_each_header_is_written_as_hmrc_wants_it(method: str, name: str) -> None:
    facts, sends = GOLDEN[method]

    assert build(facts).headers[name] == sends[name]


@pytest.mark.parametrize(("method", "count"), [("web", 16), ("other", 17), ("batch", 11)])
def test_each_method_sends_exactly_its_headers_and_lacks_none(method: str, count: int) -> None:
    facts, sends = GOLDEN[method]

    built = build(facts)

    assert dict(built.headers) == sends
    assert len(sends) == count
    assert (built.missing, built.warnings) == ((), ())


@pytest.mark.parametrize("method", Method)
def test_where_nothing_was_collected_everything_but_the_method_is_reported_and_nothing_invented(method: Method) -> None:
    built = build({"connection_method": method})

    wanted = [row.name for row in HEADERS if method in row.methods]
    assert dict(built.headers) == {"Gov-Client-Connection-Method": method}
    assert [note.header for note in built.missing] == wanted[1:]
    assert {note.code for note in built.missing} == {"missing"}
    assert all(note.how_to_mend == HOW_TO_MEND[note.header] for note in built.missing)


def test_every_header_says_how_it_can_be_mended() -> None:
    assert HOW_TO_MEND.keys() == {row.name for row in HEADERS}


@pytest.mark.parametrize("method", ["", "null", "MOBILE_APP_VIA_SERVER", "web_app_via_server"])
def test_a_method_that_is_none_of_ours_is_refused(method: str) -> None:
    with pytest.raises(ValueError, match="Method"):
        build({"connection_method": method})


def test_a_value_of_the_wrong_form_is_left_out_and_reported_without_being_quoted() -> None:
    built = build(changed(WEB, device_id="canary"))

    (note,) = built.missing
    assert "Gov-Client-Device-ID" not in built.headers
    assert (note.header, note.code) == ("Gov-Client-Device-ID", "invalid")
    assert note.how_to_mend.startswith("What was collected is not a UUID.")
    assert "canary" not in repr(built)


def test_what_hmrc_agreed_can_not_be_collected_is_no_longer_missing() -> None:
    agreed = frozenset({"Gov-Vendor-License-IDs", "Gov-Client-Public-Port", "Gov-Client-Timezone"})

    built = build(without(WEB, "licence_ids", "public_port", "window"), agreed=agreed)

    assert [note.header for note in built.missing] == ["Gov-Client-Window-Size"]
    assert [(note.header, note.code) for note in built.warnings] == [
        ("Gov-Client-Public-Port", "agreed_missing"),
        ("Gov-Vendor-License-IDs", "agreed_missing"),
    ]


def test_what_the_method_does_not_send_is_left_out_with_a_warning() -> None:
    built = build(changed(WEB, local_ips=["10.1.2.3"], mac_addresses=["no mac"]))

    assert dict(built.headers) == WEB_SENDS
    assert [(note.header, note.code) for note in built.warnings] == [("Gov-Client-Local-IPs", "not_sent")]


@pytest.mark.parametrize(
    ("hops", "code"),
    [
        ([{"by": "203.0.113.6", "for": "198.51.100.9"}], "invalid"),  # begins at somebody else's address
        ([{"by": "203.0.113.6", "for": "10.0.0.1"}], "invalid"),
        ([{"by": "203.0.113.6"}], "invalid"),
        ([{}], "invalid"),
        ([], "missing"),
    ],
)
def test_a_chain_of_hops_that_can_not_be_is_not_sent(hops: Any, code: str) -> None:
    built = build(changed(WEB, forwarded=hops))

    assert "Gov-Vendor-Forwarded" not in built.headers
    assert {note.header: note.code for note in built.missing}["Gov-Vendor-Forwarded"] == code


def test_without_the_clients_address_there_is_no_chain_either() -> None:
    built = build(without(WEB, "public_ip"))

    assert [(note.header, note.code) for note in built.missing] == [
        ("Gov-Client-Public-IP", "missing"),
        ("Gov-Vendor-Forwarded", "missing"),
    ]


@pytest.mark.parametrize(
    ("facts", "header"),
    [
        (changed(OTHER, versions={"Quarterday": "0.1.0"}), "Gov-Vendor-Version"),
        (changed(OTHER, user_ids={"ledger": "alice"}), "Gov-Client-User-IDs"),
        (changed(BATCH, device={"os-family": "Linux"}), "Gov-Client-User-Agent"),
    ],
)
def test_a_pair_that_the_method_needs_is_asked_for(facts: Facts, header: str) -> None:
    assert [(note.header, note.code) for note in build(facts).missing] == [(header, "invalid")]


@pytest.mark.parametrize(
    ("fact", "header"),
    [
        ({"licence_ids": {f"software-{number}": "x" * 200 for number in range(100)}}, "Gov-Vendor-License-IDs"),
        ({"user_agent": "\N{GRINNING FACE}" * 1024}, "Gov-Client-Browser-JS-User-Agent"),
    ],
)
def test_a_header_that_no_server_would_take_is_reported_and_not_sent(fact: Facts, header: str) -> None:
    built = build(cast("Facts", {**WEB, **fact}))

    assert header not in built.headers
    assert {note.header: note.code for note in built.missing}[header] == "invalid"
