"""What we say of ourselves and of this host: from settings that are checked, and from the system."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hmrc_door import fraud, fraud_formats, fraud_host
from hmrc_door.environment import BadSetting
from hmrc_door.fraud_facts import Facts, Hop
from hmrc_door.fraud_vendor import SERVER, VERSION, Vendor

NOON = datetime(2026, 11, 22, 12, 0, 0, 7000, tzinfo=UTC)
US = Vendor.read({"VENDOR_PUBLIC_IP": "203.0.113.6", "VENDOR_LICENCE_IDS": "Quarterday=8D79"}, installation="one")


class TestSettings:
    def test_none_need_be_given(self) -> None:
        vendor = Vendor.read({}, installation="one")

        assert (vendor.product_name, vendor.public_ip) == (SERVER, "")
        assert len(vendor.licence_ids) == len(vendor.agreed) == 0

    def test_are_read_as_they_are_meant(self) -> None:
        vendor = Vendor.read(
            {
                "VENDOR_PRODUCT_NAME": " Acorn Rents ",
                "VENDOR_PUBLIC_IP": "2001:DB8:0::6",
                "VENDOR_LICENCE_IDS": "a=12==, b=34",
                "FRAUD_HEADERS_AGREED_MISSING": "Gov-Vendor-License-IDs, Gov-Client-Public-Port,",
            },
            installation="one",
        )

        assert (vendor.product_name, vendor.public_ip) == ("Acorn Rents", "2001:db8::6")
        assert vendor.licence_ids == {"a": "12==", "b": "34"}
        assert vendor.agreed == {"Gov-Vendor-License-IDs", "Gov-Client-Public-Port"}

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("VENDOR_PRODUCT_NAME", "undefined"),
            ("VENDOR_PUBLIC_IP", "10.0.0.1"),
            ("VENDOR_PUBLIC_IP", "connect.example.org"),
            ("VENDOR_LICENCE_IDS", "8D79"),
            ("VENDOR_LICENCE_IDS", "a=1,=2"),
            ("FRAUD_HEADERS_AGREED_MISSING", "Gov-Client-Doo-Not-Track"),
            ("FRAUD_HEADERS_AGREED_MISSING", "Gov-Client-Connection-Method"),
        ],
    )
    def test_that_can_not_be_are_named(self, name: str, value: str) -> None:
        with pytest.raises(BadSetting) as wrong:
            Vendor.read({name: value}, installation="one")

        assert wrong.value.name == name

    def test_an_installation_has_one_device_id_for_good(self) -> None:
        assert Vendor.read({}, installation="one").device_id == US.device_id
        assert Vendor.read({}, installation="two").device_id != US.device_id

    def test_the_version_is_the_projects(self) -> None:
        project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]

        assert project["version"] == VERSION


class TestHops:
    def test_ours_is_the_last(self) -> None:
        theirs: Hop = {"by": "203.0.113.9", "for": "198.51.100.0"}

        facts = US.completed({"forwarded": [theirs]}, sender="192.0.2.9")

        assert facts["forwarded"] == [theirs, {"by": "203.0.113.6", "for": "192.0.2.9"}]

    @pytest.mark.parametrize("sender", [None, "10.0.0.1", "::1", "fd00::1"])
    def test_one_over_a_private_network_is_none(self, sender: str | None) -> None:
        assert US.completed({}, sender=sender)["forwarded"] == []

    def test_without_our_address_there_is_no_chain_to_send(self) -> None:
        nameless = Vendor.read({}, installation="one")
        person: Facts = {"connection_method": "WEB_APP_VIA_SERVER", "public_ip": "198.51.100.0"}

        built = fraud.build(nameless.completed(person, sender="198.51.100.0"))

        lacking = {note.header: note.code for note in built.missing}
        assert lacking["Gov-Vendor-Forwarded"] == lacking["Gov-Vendor-Public-IP"] == "invalid"


class TestTheHost:
    def test_tells_everything_that_a_batch_must_say(self) -> None:
        built = fraud.build(US.completed(fraud_host.facts(vendor=US, now=NOON)))

        assert len(built.headers) == 11
        assert (built.missing, built.warnings) == ((), ())
        assert built.headers["Gov-Client-Local-IPs-Timestamp"] == "2026-11-22T12:00:00.007Z"
        assert built.headers["Gov-Client-User-IDs"].startswith("os=")

    def test_knows_its_own_addresses_but_for_the_loopback(self) -> None:
        facts = fraud_host.facts(vendor=US, now=NOON)

        assert facts["local_ips"]
        assert not {"127.0.0.1", "::1"} & set(facts["local_ips"])
        assert all(fraud_formats.mac(found) for found in facts["mac_addresses"])

    def test_takes_makers_mac_addresses_before_made_up_ones(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(fraud_host, "_NETWORK", tmp_path)
        for name, mac in {
            "lo": "00:00:00:00:00:00",
            "docker0": "02:42:ac:12:00:04",
            "ib0": "80:00:02:08:fe:80:00",
        }.items():
            (tmp_path / name).mkdir()
            (tmp_path / name / "address").write_text(mac + "\n")
        (tmp_path / "bonding_masters").write_text("")

        before = fraud_host.facts(vendor=US, now=NOON)["mac_addresses"]
        (tmp_path / "lo" / "address").write_text("3c:52:82:11:22:33\n")
        after = fraud_host.facts(vendor=US, now=NOON)["mac_addresses"]

        assert before == ["02:42:ac:12:00:04"]
        assert after == ["3c:52:82:11:22:33"]

    def test_leaves_out_what_the_system_does_not_tell(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("_NETWORK", "_IPV6", "_MACHINE_FILES"):
            monkeypatch.setattr(fraud_host, name, tmp_path / "nothing")
        monkeypatch.setattr("socket.if_nameindex", list)

        built = fraud.build(US.completed(fraud_host.facts(vendor=US, now=NOON)))

        assert [(note.header, note.code) for note in built.missing] == [
            ("Gov-Client-Local-IPs", "missing"),
            ("Gov-Client-MAC-Addresses", "missing"),
        ]

    def test_a_user_without_a_name_has_a_number(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def nameless() -> str:
            raise KeyError

        monkeypatch.setattr("getpass.getuser", nameless)
        monkeypatch.setattr("os.getuid", lambda: 10001)

        assert fraud_host.facts(vendor=US, now=NOON)["user_ids"] == {"os": "10001"}

    @pytest.mark.parametrize(("zone", "said"), [("Asia/Kathmandu", "UTC+05:45"), ("America/St_Johns", "UTC-03:30")])
    def test_says_its_own_time_zone(self, zone: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
        import time

        monkeypatch.setenv("TZ", zone)
        time.tzset()
        try:
            assert fraud_host.facts(vendor=US, now=NOON)["timezone"] == said
        finally:
            monkeypatch.undo()
            time.tzset()
