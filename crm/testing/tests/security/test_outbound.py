"""Addresses that others name never lead into this network, in whatever form they are written."""

from __future__ import annotations

from typing import Any

import pytest

from crm.core.outbound import AddressRefused, check

INSIDE = (
    "127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "[::1]", "[::ffff:10.0.0.1]", "[fe80::1]",
    "[fc00::1]", "[fec0::1]", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]",
    "[64:ff9b:1::10.0.0.1]", "[2002:7f00:1::1]", "[2002:a00:1::]", "[2001::a00:1]", "[ff02::1]",
)  # fmt: skip


@pytest.mark.parametrize("host", INSIDE)
def test_no_form_of_an_inner_address_may_be_called(host: str, settings: Any) -> None:
    settings.OUTBOUND_LOOPBACK, settings.OUTBOUND_NETWORKS = False, ()
    with pytest.raises(AddressRefused):
        check(f"https://{host}/hook")


@pytest.mark.parametrize("host", ["8.8.8.8", "[2606:4700::1111]", "[64:ff9b::8.8.8.8]", "[::ffff:8.8.8.8]"])
def test_public_machines_may(host: str, settings: Any) -> None:
    settings.OUTBOUND_LOOPBACK, settings.OUTBOUND_NETWORKS = False, ()
    assert check(f"https://{host}/hook").hostname
