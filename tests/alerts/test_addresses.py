"""Which URLs and addresses a webhook may go to, judged without a network."""

import ipaddress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trivet.alerts.addresses import MAX_URL, Address, Network, Policy, RefusedAddress

PUBLIC = ipaddress.ip_address("93.184.215.14")
PRIVATE = ipaddress.ip_network("10.20.0.0/16")

SPECIAL = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",
        "::ffff:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
]
ALLOWABLE = [
    ipaddress.ip_network(network)
    for network in ("10.20.0.0/16", "127.0.0.0/8", "fd12:3456::/32", "0.0.0.0/0", "::/0")
]

addresses = st.one_of(
    st.ip_addresses(v=4),
    st.ip_addresses(v=6),
    *[st.ip_addresses(network=network) for network in SPECIAL],
)
networks = st.lists(st.sampled_from(ALLOWABLE), max_size=2)


def _admits(policy: Policy, *found: Address, url: str = "https://hooks.example.com/") -> bool:
    try:
        policy.admit(policy.read(url), found)
    except RefusedAddress:
        return False
    return True


def _refusal(url: str, policy: Policy | None = None) -> str:
    with pytest.raises(RefusedAddress) as refused:
        (policy or Policy()).read(url)
    return refused.value.detail


def _carrying(address: ipaddress.IPv4Address) -> list[ipaddress.IPv6Address]:
    """Return the IPv6 addresses that lead to an IPv4 address: compatible, NAT64, 6to4 and Teredo."""
    number = int(address)
    return [
        ipaddress.IPv6Address(number),
        ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) | number),
        ipaddress.IPv6Address(int(ipaddress.IPv6Address("2002::")) | number << 80),
        ipaddress.IPv6Address(int(ipaddress.IPv6Address("2001::")) | number ^ 0xFFFFFFFF),
    ]


@given(addresses, networks)
@example(ipaddress.ip_address("::ffff:127.0.0.1"), [])
@example(ipaddress.ip_address("fec0::1"), [])
def test_no_address_is_admitted_but_public_ones_and_those_of_allowed_networks(
    address: Address, allowed: list[Network]
) -> None:
    reached = address
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        reached = address.ipv4_mapped
    if _admits(Policy(tuple(allowed)), address):
        assert (reached.is_global and not reached.is_multicast) or any(
            reached in network for network in allowed
        )


@given(st.ip_addresses(v=4), networks)
@example(ipaddress.ip_address("10.20.0.1"), [PRIVATE])
@example(ipaddress.ip_address("10.21.0.1"), [PRIVATE])
@example(PUBLIC, [])
def test_an_ipv4_address_written_as_ipv6_gets_the_verdict_of_the_ipv4_address(
    address: ipaddress.IPv4Address, allowed: list[Network]
) -> None:
    policy = Policy(tuple(allowed))
    mapped = ipaddress.IPv6Address(f"::ffff:{address}")
    assert _admits(policy, mapped) == _admits(policy, address)


@given(
    st.one_of(*[st.ip_addresses(network=n) for n in SPECIAL if n.version == 4]).filter(
        lambda address: not address.is_global or address.is_multicast
    ),
    networks,
)
@example(ipaddress.ip_address("169.254.169.254"), [ipaddress.ip_network("::/0")])
@example(ipaddress.ip_address("10.20.0.1"), [PRIVATE, ipaddress.ip_network("64:ff9b::/96")])
def test_an_ipv6_address_that_carries_an_ipv4_address_inside_is_in_no_network(
    address: ipaddress.IPv4Address, allowed: list[Network]
) -> None:
    # ::1 and :: have a meaning of their own beside that of the IPv4 addresses that they'd carry.
    carrying = [a for a in _carrying(address) if int(a) > 1]
    assert not any(_admits(Policy(tuple(allowed)), carrier) for carrier in carrying)


@pytest.mark.parametrize("network", SPECIAL, ids=str)
def test_the_first_and_last_addresses_of_special_networks_are_not_public(network: Network) -> None:
    assert not _admits(Policy(), network[0])
    assert not _admits(Policy(), network[-1])


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "169.254.169.254",
        "169.254.170.2",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::ffff:169.254.169.254",
        "fd00:ec2::254",
        "fd20:ce::254",
        "fe80::1",
        "fe80::1%1",
        "ff02::1",
    ],
)
def test_no_network_is_wide_enough_for_what_is_never_a_receiver(address: str) -> None:
    everything = Policy((ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0")))
    assert not _admits(everything, ipaddress.ip_address(address))


def test_one_bad_address_refuses_the_whole_name() -> None:
    inside, other = ipaddress.ip_address("10.20.3.4"), ipaddress.ip_address("10.21.3.4")
    assert _admits(Policy(), PUBLIC)
    assert not _admits(Policy(), PUBLIC, inside)
    assert not _admits(Policy(), inside, PUBLIC)
    assert _admits(Policy((PRIVATE,)), PUBLIC, inside)
    assert not _admits(Policy((PRIVATE,)), inside, other)
    assert not _admits(Policy(), *[])


@pytest.mark.parametrize("url", ["http://hooks.example.com:443/", "https://receiver/"])
def test_without_tls_or_a_public_name_every_address_lies_in_an_allowed_network(url: str) -> None:
    inside = ipaddress.ip_address("10.20.3.4")
    policy = Policy((PRIVATE,))
    assert _admits(policy, inside, url=url)
    assert not _admits(policy, PUBLIC, url=url)
    assert not _admits(policy, inside, PUBLIC, url=url)
    with pytest.raises(RefusedAddress):
        Policy().read(url)


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("https://hooks.example.com", "hooks.example.com", 443),
        ("https://hooks.example.com:8443/trivet?team=ld&x=%20", "hooks.example.com", 8443),
        ("HTTPS://Hooks.Example.COM/", "hooks.example.com", 443),
        ("https://hooks.example.com./", "hooks.example.com", 443),
        ("https://münchen.example.com/", "xn--mnchen-3ya.example.com", 443),
        ("https://xn--mnchen-3ya.example.com/", "xn--mnchen-3ya.example.com", 443),
        ("https://a_b.example.com/", "a_b.example.com", 443),
        ("https://hooks.example.com/süd", "hooks.example.com", 443),
        ("https://93.184.215.14/", "93.184.215.14", 443),
        ("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", None, 443),
        ("https://[::ffff:93.184.215.14]/", "::ffff:5db8:d70e", 443),
        ("https://localhost.example.com/", "localhost.example.com", 443),
        ("https://3com.example.com/", "3com.example.com", 443),
        ("https://hooks.example.com/user@name", "hooks.example.com", 443),
    ],
)
def test_legitimate_urls_are_read(url: str, host: str | None, port: int) -> None:
    going = Policy().read(url)
    assert (going.port, going.url.port) == (port, port)
    assert going.host == going.url.raw_host
    assert host in {None, going.host}


def test_a_host_of_an_allowed_network_is_read_as_it_is_and_without_tls() -> None:
    policy = Policy((PRIVATE, ipaddress.ip_network("fd12:3456::/32")), (range(9000, 9011),))
    assert policy.read("http://10.20.0.1:9000/").inside
    assert policy.read("https://[fd12:3456::1]:9010/").address
    assert "inside" not in _refusal("https://10.21.0.1:9000/", policy)


def test_ports_that_are_not_listed_are_refused_in_allowed_networks_too() -> None:
    policy = Policy((PRIVATE,), (range(443, 444), range(9000, 9011)))
    assert _refusal("http://10.20.0.1/", policy) == (
        "Webhooks do not go to port 80; use 443 or 9000–9010."
    )
    for port in (0, 22, 8999, 9011, 65535, 65536, 99999):
        assert _refusal(f"https://10.20.0.1:{port}/", policy)


def test_a_refusal_never_repeats_a_password() -> None:
    for url in (
        "https://anna:hunter2@hooks.example.com/",
        "https://hunter2@hooks.example.com/",
        "ftp://anna:hunter2@hooks.example.com/",
        "https://anna:hunter2@hooks.example.com/#x",
        "https://anna:hunter2@hooks.example.com:99999/",
        "https://anna:hunter2@[::1%25eth0]/",
    ):
        assert "user name or password" in _refusal("https://anna:hunter2@hooks.example.com/")
        assert "hunter2" not in _refusal(url)
        assert "anna" not in _refusal(url)


@pytest.mark.parametrize("character", [" ", "\t", "\r\n", "\0", "\x7f", "\\", "\u200b", "\u3000"])
def test_what_readers_drop_or_turn_is_refused_in_the_path_too(character: str) -> None:
    assert "white space, a backslash" in _refusal(f"https://hooks.example.com/a{character}b")


def test_a_refusal_says_what_is_wrong_but_not_where_a_name_leads() -> None:
    policy = Policy()
    with pytest.raises(RefusedAddress, match=r"hooks\.example\.com leads to an address") as refused:
        policy.admit(policy.read("https://hooks.example.com/"), [ipaddress.ip_address("10.1.2.3")])
    assert "10.1.2.3" not in refused.value.detail
    assert "10.1.2.3 is not a public" in _refusal("https://10.1.2.3/")
    assert "longer than 2000" in _refusal("https://hooks.example.com/" + "x" * MAX_URL)


@given(
    st.text(max_size=60), st.sampled_from(["", "https://", "http://", "https://[", "https://a@"])
)
def test_whatever_is_given_as_a_url_is_read_or_refused(text: str, before: str) -> None:
    policy = Policy((PRIVATE,))
    try:
        going = policy.read(before + text)
    except RefusedAddress:
        return
    assert going.host == going.url.raw_host
    assert going.port == going.url.port
    assert going.url.raw_user is None
