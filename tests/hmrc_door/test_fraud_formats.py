"""The forms themselves: what each takes, what each refuses, and that nothing hostile ever reaches a header."""

import re
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hmrc_door import fraud_formats as formats
from hmrc_door.fraud import Facts, Method, build
from hmrc_door.fraud_formats import Unusable

_HEADER = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_PLACEHOLDER = re.compile(r"\s*(?:null|undefined|none|nan)\s*", re.IGNORECASE)

EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001  hypothesis adds the zone itself
_hostile = st.one_of(
    st.text(max_size=40),
    st.text(st.characters(codec=None), max_size=10),
    st.sampled_from(
        [
            *("null", "undefined", "None", "NaN", "\r\nGov-Evil: 1", "a\x00b", "", " ", "é,=&", "\ud800", "a" * 2000),
            *("198.51.100.7", "::ffff:198.51.100.7", "2001:db8::1", "10.0.0.1", "00:00:00:00:00:00", "UTC+01:00"),
            *("beec798b-b366-47fa-b1f8-92cede14a1ce", "2026-11-22T14:30:05.120Z", "2026-02-30T14:30:05.120Z", "TOTP"),
        ]
    ),
)
_number = st.one_of(
    st.integers(), st.floats(), st.booleans(), st.none(), st.integers(1, 4000), st.sampled_from([1, 2, 1.25, 0.9])
)
_texts = st.dictionaries(st.one_of(_hostile, st.sampled_from(["os", "os-family", "os-version"])), _hostile, max_size=4)


def _of(**names: Any) -> Any:
    return st.fixed_dictionaries({}, optional={name.rstrip("_"): value for name, value in names.items()})


_size = {"width": _number, "height": _number}
_facts = st.fixed_dictionaries(
    {"connection_method": st.sampled_from(Method)},
    optional={
        **dict.fromkeys(("device_id", "user_agent", "timezone", "public_ip", "product_name"), _hostile),
        **dict.fromkeys(("local_ips_timestamp", "public_ip_timestamp"), _hostile),
        **dict.fromkeys(("local_ips", "mac_addresses"), st.lists(_hostile, max_size=3)),
        **dict.fromkeys(("device", "user_ids", "licence_ids", "versions"), _texts),
        "public_port": _number,
        "window": _of(**_size),
        "screens": st.lists(_of(**_size, scaling_factor=_number, colour_depth=_number), max_size=3),
        "mfa": st.lists(_of(type=_hostile, timestamp=_hostile, unique_reference=_hostile), max_size=3),
        "forwarded": st.lists(_of(by=_hostile, for_=_hostile), max_size=3),
    },
)


@given(facts=_facts)
@settings(max_examples=150, deadline=None)
def test_whatever_was_collected_headers_are_printable_ascii_and_hold_no_placeholder(facts: dict[str, Any]) -> None:
    built = build(cast("Facts", facts))

    for value in built.headers.values():
        assert _HEADER.fullmatch(value)
        words = [unquote(word) for word in re.split("[=&,]", value)]
        assert not any(_PLACEHOLDER.fullmatch(word) for word in words if word)


@given(facts=_facts)
@settings(max_examples=50, deadline=None)
def test_a_header_is_sent_or_reported_and_never_both(facts: dict[str, Any]) -> None:
    built = build(cast("Facts", facts))

    lacking = {note.header for note in built.missing}
    assert not lacking & built.headers.keys()
    assert len(lacking | built.headers.keys()) == {"W": 16, "O": 17, "B": 11}[facts["connection_method"][0]]


@settings(max_examples=50, deadline=None)
@given(pairs=st.dictionaries(_hostile, _hostile, min_size=1, max_size=5))
def test_pairs_come_back_as_they_went_in(pairs: dict[str, str]) -> None:
    try:
        written = formats.pairs(pairs)
    except Unusable:
        return

    read = [tuple(map(unquote, pair.split("="))) for pair in written.split("&")]
    assert read == list(pairs.items())


@settings(max_examples=50, deadline=None)
@given(moment=st.datetimes(timezones=st.just(UTC), min_value=EPOCH))
def test_a_moment_of_ours_has_hmrcs_form(moment: datetime) -> None:
    written = formats.written(moment)

    assert formats.instant(written) == written
    assert abs((datetime.fromisoformat(written) - moment).total_seconds()) < 0.001


@pytest.mark.parametrize(
    ("write", "value"),
    [
        (formats.text, 7),
        (formats.text, "  "),
        (formats.text, "\tx"),
        (formats.text, "x\x85"),
        (formats.text, "x" * 1025),
        (formats.text, "Undefined "),
        (formats.uuid, "beec798bb36647fab1f892cede14a1ce"),
        (formats.uuid, "{beec798b-b366-47fa-b1f8-92cede14a1ce}"),
        (formats.uuid, "00000000-0000-0000-0000-000000000000"),
        (formats.address, "198.51.100.256"),
        (formats.address, "198.51.100.0/24"),
        (formats.public_ip, "10.1.2.3"),
        (formats.public_ip, "100.64.0.1"),
        (formats.public_ip, "127.0.0.1"),
        (formats.public_ip, "169.254.1.1"),
        (formats.public_ip, "192.168.1.1"),
        (formats.public_ip, "::1"),
        (formats.public_ip, "fd00::1"),
        (formats.public_ip, "fe80::1"),
        (formats.public_ip, "::ffff:10.1.2.3"),
        (formats.mac, "00:00:00:00:00:00"),
        (formats.mac, "ff:ff:ff:ff:ff:ff"),
        (formats.mac, "10:12:cc:fa:aa"),
        (formats.port, 0),
        (formats.port, 65536),
        (formats.port, 80),
        (formats.port, 443),
        (formats.port, True),
        (formats.port, "12345"),
        (formats.instant, "2026-11-22T14:30:05Z"),
        (formats.instant, "2026-11-22T14:30:05.1Z"),
        (formats.instant, "2026-11-22T14:30:05.123+00:00"),
        (formats.instant, "2026-02-30T14:30:05.123Z"),
        (formats.timezone, "UTC"),
        (formats.timezone, "UTC+1:00"),
        (formats.timezone, "UTC+14:15"),
        (formats.timezone, "UTC-12:30"),
        (formats.timezone, "Europe/London"),
        (formats.size, {"width": 0, "height": 10}),
        (formats.size, {"width": 10.5, "height": 10}),
        (formats.size, {"width": 10}),
        (formats.screen, {"width": 1, "height": 1, "scaling_factor": float("nan"), "colour_depth": 24}),
        (formats.screen, {"width": 1, "height": 1, "scaling_factor": 0, "colour_depth": 24}),
        (formats.screen, {"width": 1, "height": 1, "scaling_factor": True, "colour_depth": 24}),
        (formats.screen, {"width": 1, "height": 1, "scaling_factor": 1}),
        (formats.factor, {"type": "SMS", "timestamp": "2026-11-22T13:23Z", "unique_reference": "x"}),
        (formats.factor, {"type": "TOTP", "timestamp": "2026-11-22T13Z", "unique_reference": "x"}),
        (formats.factor, {"type": "TOTP", "timestamp": "2026-11-22T13:23Z"}),
    ],
)
def test_what_has_not_the_form_is_refused(write: Any, value: object) -> None:
    with pytest.raises(Unusable):
        write(value)


@pytest.mark.parametrize(
    ("write", "value", "sent"),
    [
        (formats.as_reported, " Mözilla/5.0 (%41) ", "M%C3%B6zilla/5.0 (%41)"),
        (formats.encoded, "-._~ /:?#[]@!$&'()*+,;=", "-._~%20%2F%3A%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2B%2C%3B%3D"),
        (formats.public_ip, "::ffff:198.51.100.7", "198.51.100.7"),
        (formats.public_ip, "100.63.255.255", "100.63.255.255"),
        (formats.port, 1, "1"),
        (formats.timezone, "UTC+14:00", "UTC+14:00"),
        (formats.timezone, "UTC-12:00", "UTC-12:00"),
        (
            formats.screen,
            {"width": 1, "height": 2, "scaling_factor": 0.8999999761581421, "colour_depth": 30},
            "width=1&height=2&scaling-factor=0.9&colour-depth=30",
        ),
    ],
)
def test_what_has_the_form_is_written(write: Any, value: object, sent: str) -> None:
    assert write(value) == sent
