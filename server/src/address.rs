//! Where a request comes from: its peer, or whoever a trusted proxy speaks for. It does not know what is counted by it.
//!
//! Anyone can write `X-Forwarded-For`, and each proxy only adds the address that it saw itself at the
//! right. So the header is read from the right, and no further than we trust whoever wrote the next part.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use axum::http::HeaderMap;
use ipnet::{IpNet, Ipv4Net};
use parley_shared::limits::PROXY_HOPS_MAX;
use serde::Deserialize;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// A network, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network(IpNet);

/// This is neither an address nor a network.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0:?} is no address and no network; one looks like 10.0.0.1, the other like 10.0.0.0/8")]
pub struct NoNetwork(String);

impl Network {
    /// Whether an address is in it. An IPv4 address that is written as IPv6 is the same address.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        let network = text
            .parse::<IpNet>()
            .or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network
            .map(|network| Self(canonical(network)))
            .map_err(|_| NoNetwork(text.to_owned()))
    }
}

impl TryFrom<String> for Network {
    type Error = NoNetwork;

    fn try_from(text: String) -> Result<Self, NoNetwork> {
        text.parse()
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Addresses are compared in their shortest form, so a network of IPv4 written as IPv6 is one of IPv4.
fn canonical(network: IpNet) -> IpNet {
    const MAPPED_BITS: u8 = 96;
    let mapped = match network {
        IpNet::V6(v6) => v6.addr().to_ipv4_mapped(),
        IpNet::V4(_) => None,
    };
    let v4 = mapped.and_then(|address| {
        let bits = network.prefix_len().checked_sub(MAPPED_BITS)?;
        Ipv4Net::new(address, bits).ok()
    });
    v4.map_or(network, IpNet::V4)
}

/// Whether an address is one of the proxies.
#[must_use]
pub fn is_trusted(address: IpAddr, proxies: &[Network]) -> bool {
    proxies.iter().any(|proxy| proxy.contains(address))
}

/// Where a request comes from, as far as can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// The visitor's address.
    pub address: IpAddr,
    is_forwarded: bool,
}

impl Source {
    /// The address by which attempts are counted: for IPv6 the network. `None` for this machine itself,
    /// unless a trusted proxy passed the request on.
    #[must_use]
    pub fn counted_as(self) -> Option<IpAddr> {
        let is_oneself = self.address.is_loopback() && !self.is_forwarded;
        (!is_oneself).then(|| household(self.address))
    }
}

/// Where a request of this peer with these headers comes from: the right-most forwarded address that is
/// no trusted proxy. What cannot be read ends the search, and the last address before it counts.
#[must_use]
pub fn source(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> Source {
    let mut source = Source {
        address: peer.to_canonical(),
        is_forwarded: false,
    };
    if !is_trusted(peer, proxies) {
        return source;
    }
    // Several lines are one list. The bytes are parted before they are read, so that nobody spoils what
    // the proxy adds with what they wrote themselves.
    let lines = headers.get_all(FORWARDED_FOR).iter().rev();
    let hops = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    for hop in hops.take(PROXY_HOPS_MAX) {
        // Also when it cannot be read: whoever a proxy speaks for is not this machine itself.
        source.is_forwarded = true;
        let Some(address) = read(hop) else { break };
        source.address = address;
        if !is_trusted(address, proxies) {
            break;
        }
    }
    source
}

/// An address as proxies write it: bare, or with a port, and for IPv6 also in brackets.
fn read(hop: &[u8]) -> Option<IpAddr> {
    let hop = std::str::from_utf8(hop).ok()?.trim();
    let bracketed = hop
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let address = match bracketed {
        Some(v6) => IpAddr::V6(v6.parse().ok()?),
        None => hop
            .parse()
            .or_else(|_| hop.parse().map(|with_port: SocketAddr| with_port.ip()))
            .ok()?,
    };
    Some(address.to_canonical())
}

/// What counts as one address: one household has one IPv4 address, or one /64 of IPv6 with as many
/// addresses as it likes.
#[must_use]
pub fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const PROXY: &str = "10.0.0.1";
    const VISITOR: &str = "192.0.2.7";

    fn networks(texts: &[&str]) -> Vec<Network> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn forwarded(lines: &[&[u8]]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, HeaderValue::from_bytes(line).unwrap());
        }
        headers
    }

    /// Whom a proxy at [`PROXY`] speaks for with this header.
    fn behind_proxy(line: &str) -> IpAddr {
        let headers = forwarded(&[line.as_bytes()]);
        source(ip(PROXY), &headers, &networks(&["10.0.0.0/8"])).address
    }

    #[test]
    fn a_peer_that_is_not_trusted_speaks_for_nobody() {
        let headers = forwarded(&[b"198.51.100.1"]);
        for (peer, proxies) in [
            (VISITOR, networks(&[PROXY])),
            ("127.0.0.1", networks(&[PROXY])),
            (PROXY, networks(&[])),
            ("127.0.0.1", networks(&["::1"])),
        ] {
            let source = source(ip(peer), &headers, &proxies);
            assert_eq!(source.address, ip(peer));
            assert!(!source.is_forwarded);
        }
    }

    #[test]
    fn the_right_most_address_that_is_no_proxy_counts() {
        for (line, address) in [
            (VISITOR, VISITOR),
            // What stands to the left of it, the visitor may have written.
            ("198.51.100.1, 192.0.2.7", VISITOR),
            ("127.0.0.1,192.0.2.7", VISITOR),
            ("10.0.0.9, 192.0.2.7", VISITOR),
            // Several proxies in a row.
            ("198.51.100.1, 192.0.2.7, 10.0.0.3,10.0.0.2", VISITOR),
            // Someone inside the trusted network.
            ("10.0.0.4, 10.0.0.2", "10.0.0.4"),
        ] {
            assert_eq!(behind_proxy(line), ip(address), "{line}");
        }
    }

    #[test]
    fn several_lines_are_one_list() {
        let headers = forwarded(&[b"198.51.100.1", b"192.0.2.7, 10.0.0.3", b"10.0.0.2"]);
        let source = source(ip(PROXY), &headers, &networks(&["10.0.0.0/8"]));
        assert_eq!(source.address, ip(VISITOR));
    }

    #[test]
    fn addresses_are_read_in_every_way_that_proxies_write_them() {
        for (line, address) in [
            ("192.0.2.7:4711", VISITOR),
            ("  192.0.2.7\t", VISITOR),
            ("2001:db8::7", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("[2001:db8::7]:4711", "2001:db8::7"),
            ("::ffff:192.0.2.7", VISITOR),
            ("[::ffff:192.0.2.7]:4711", VISITOR),
            ("192.0.2.7, ::ffff:10.0.0.2", VISITOR),
        ] {
            assert_eq!(behind_proxy(line), ip(address), "{line}");
        }
    }

    #[test]
    fn what_cannot_be_read_ends_the_search() {
        for garbage in [
            "",
            " ",
            ",",
            "unknown",
            "_hidden",
            "192.0.2",
            "192.0.2.7:",
            "192.0.2.7:99999",
            "[192.0.2.7]",
            "[2001:db8::7",
            "2001:db8::7]",
            "[[2001:db8::7]]",
            "fe80::1%eth0",
            "chat.example.org",
            "192.0.2.7;198.51.100.1",
            "for=192.0.2.7",
        ] {
            assert_eq!(behind_proxy(garbage), ip(PROXY), "{garbage:?}");
            let left = format!("192.0.2.7, {garbage}, 10.0.0.2");
            assert_eq!(behind_proxy(&left), ip("10.0.0.2"), "{left:?}");
        }
    }

    #[test]
    fn nobody_spoils_what_the_proxy_adds() {
        for line in [
            b"\xff\xfe, 192.0.2.7" as &[u8],
            b"\xc3\xa9,192.0.2.7",
            b"\",192.0.2.7",
            b",,,192.0.2.7",
        ] {
            let source = source(ip(PROXY), &forwarded(&[line]), &networks(&[PROXY]));
            assert_eq!(source.address, ip(VISITOR), "{line:?}");
        }
        let broken = source(ip(PROXY), &forwarded(&[b"\xff"]), &networks(&[PROXY]));
        assert_eq!(broken.address, ip(PROXY));
    }

    #[test]
    fn no_more_hops_are_read_than_there_may_be() {
        let proxies = ", 10.0.0.2".repeat(PROXY_HOPS_MAX - 1);
        assert_eq!(behind_proxy(&format!("192.0.2.7{proxies}")), ip(VISITOR));
        let one_more = format!("192.0.2.7, 10.0.0.3{proxies}");
        assert_eq!(behind_proxy(&one_more), ip("10.0.0.3"));
        let long = format!("192.0.2.7{}", ", 10.0.0.2".repeat(100_000));
        assert_eq!(behind_proxy(&long), ip("10.0.0.2"));
        assert_eq!(behind_proxy(&"1".repeat(1_000_000)), ip(PROXY));
    }

    #[test]
    fn this_machine_is_not_counted_and_whoever_its_proxy_speaks_for_is() {
        let counted = |peer, lines: &[&[u8]], proxies: &[&str]| {
            source(ip(peer), &forwarded(lines), &networks(proxies)).counted_as()
        };
        let here = "127.0.0.1";
        assert_eq!(counted(here, &[], &[]), None);
        assert_eq!(counted("::ffff:127.0.0.1", &[], &[]), None);
        assert_eq!(counted("::1", &[b"192.0.2.7"], &[]), None);
        assert_eq!(counted(here, &[], &[here]), None);
        assert_eq!(counted(here, &[b"192.0.2.7"], &[here]), Some(ip(VISITOR)));
        let mapped = counted("::ffff:127.0.0.1", &[b"192.0.2.7"], &[here]);
        assert_eq!(mapped, Some(ip(VISITOR)));
        for line in [b"127.0.0.1" as &[u8], b"unknown", b""] {
            assert_eq!(counted(here, &[line], &[here]), Some(ip(here)), "{line:?}");
        }
        let v6 = counted(here, &[b"2001:db8::7"], &[here]);
        assert_eq!(v6, Some(ip("2001:db8::")), "a network counts as one");
    }

    #[test]
    fn networks_contain_their_addresses_and_no_others() {
        for (network, inside, outside) in [
            ("10.0.0.1", "10.0.0.1", "10.0.0.2"),
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
            ("10.1.2.3/8", "10.255.0.1", "11.0.0.1"),
            ("2001:db8::1", "2001:db8::1", "2001:db8::2"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"),
            ("10.0.0.0/8", "::ffff:10.0.0.1", "::10.0.0.1"),
            ("::ffff:10.0.0.0/104", "10.255.0.1", "11.0.0.1"),
            ("::ffff:10.0.0.1", "10.0.0.1", "10.0.0.2"),
            ("0.0.0.0/0", "192.0.2.7", "2001:db8::1"),
        ] {
            let read: Network = network.parse().unwrap();
            assert!(read.contains(ip(inside)), "{network} {inside}");
            assert!(!read.contains(ip(outside)), "{network} {outside}");
        }
        for bad in ["", "*", "10.0.0.0/33", "10.0.0", "localhost", "10.0.0.1:80"] {
            let error = bad.parse::<Network>().unwrap_err();
            assert!(error.to_string().contains(bad), "{error}");
        }
    }
}
