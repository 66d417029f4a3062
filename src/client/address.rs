//! `https://studio.example/night-ferry`: where a project is served.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// Why a text is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is no address of a project: {why}; one looks like https://studio.example/night-ferry"
)]
pub struct InvalidAddress {
    text: String,
    why: &'static str,
}

impl InvalidAddress {
    /// What is wrong with it.
    #[must_use]
    pub fn why(&self) -> &'static str {
        self.why
    }

    /// The text, without what may be a password.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    fn new(text: &str, why: &'static str) -> Self {
        let text = match (text.split_once("://"), text.rsplit_once('@')) {
            (Some((scheme, _)), Some((_, rest))) => format!("{scheme}://…@{rest}"),
            _ => text.to_owned(),
        };
        Self { text, why }
    }
}

/// Whom a key is for: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    is_encrypted: bool,
    host: String,
    port: u16,
}

/// A project on a server.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    origin: Origin,
    project: String,
}

impl Origin {
    /// Whether it is this machine.
    #[must_use]
    pub fn is_local(&self) -> bool {
        match self.host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(ip) => ip.is_loopback(),
            Err(_) => self.host == "localhost",
        }
    }

    /// Whether a list of hosts as `NO_PROXY` holds it names this one: `studio.example`, `.example`, `10.0.0.7:7411`,
    /// `*`, between commas. A name stands for all below it, too.
    #[must_use]
    pub fn is_named_by(&self, list: &str) -> bool {
        let host = self.host.trim_matches(['[', ']']).to_ascii_lowercase();
        list.split([',', ' ']).any(|item| {
            let item = item.trim().to_ascii_lowercase();
            let (name, port) = match item.rsplit_once(':') {
                // Of an address with colons of its own, brackets tell the port.
                Some((name, port)) if !name.contains(':') || name.ends_with(']') => {
                    (name, Some(port))
                }
                _ => (item.as_str(), None),
            };
            let is_port = port.is_none_or(|port| port.parse() == Ok(self.port));
            let name = name
                .trim_matches(['[', ']'])
                .trim_start_matches("*.")
                .trim_start_matches('.');
            let below = host
                .strip_suffix(name)
                .is_some_and(|rest| rest.ends_with('.'));
            is_port && !name.is_empty() && (name == "*" || name == host || below)
        })
    }

    /// Reads scheme, host and port; what follows them is given back.
    fn read(text: &str) -> Result<(Self, &str), &'static str> {
        let (is_encrypted, rest) =
            match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
                (Some(rest), _) => (true, rest),
                (_, Some(rest)) => (false, rest),
                _ => return Err("it begins with neither https:// nor http://"),
            };
        let end = rest.find('/').unwrap_or(rest.len());
        let (place, rest) = rest.split_at(end);
        if place.contains('@') {
            return Err("a name or a password does not belong into it");
        }
        let (host, port) = match place.rfind(':') {
            // In brackets the colons are the host's.
            Some(at) if !place.ends_with(']') => (&place[..at], Some(&place[at + 1..])),
            _ => (place, None),
        };
        let port = match port {
            None if is_encrypted => 443,
            None => 80,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                match digits.parse() {
                    Ok(port) if port > 0 => port,
                    _ => return Err("its port is none"),
                }
            }
            Some(_) => return Err("its port is none"),
        };
        let host = host.to_ascii_lowercase();
        let inner = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'));
        let host = match inner {
            Some(inner) => match inner.parse::<Ipv6Addr>() {
                Ok(ip) => format!("[{ip}]"),
                Err(_) => return Err("its host is none"),
            },
            None => checked_host(host)?,
        };
        let origin = Self {
            is_encrypted,
            host,
            port,
        };
        match origin.is_encrypted || origin.is_local() {
            true => Ok((origin, rest)),
            false => {
                Err("without https:// only this machine is talked to, as anybody could listen")
            }
        }
    }
}

/// A name or an IPv4 address in its one form: `0x7f.1` and the like are no hosts.
fn checked_host(host: String) -> Result<String, &'static str> {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_label = |label: &str| {
        let ends = [label.bytes().next(), label.bytes().next_back()];
        ends.iter().all(|end| end.is_some_and(letter))
            && label.len() <= 63
            && label.bytes().all(|byte| letter(byte) || byte == b'-')
    };
    let last = host.rsplit('.').next().unwrap_or("");
    let looks_like_number = last
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_digit());
    if host.len() > 253 || !host.split('.').all(is_label) {
        return Err("its host is none");
    }
    if looks_like_number && host.parse::<Ipv4Addr>().is_err() {
        return Err("its host is none");
    }
    Ok(host)
}

impl FromStr for Origin {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = |why| InvalidAddress::new(text, why);
        match Self::read(text).map_err(refuse)? {
            (origin, "" | "/") => Ok(origin),
            _ => Err(refuse("only scheme, host and port belong into it")),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_encrypted { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.host)?;
        match (self.is_encrypted, self.port) {
            (true, 443) | (false, 80) => Ok(()),
            (_, port) => write!(f, ":{port}"),
        }
    }
}

impl Address {
    /// Whom the key is for.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The name of the project.
    #[must_use]
    pub fn project(&self) -> &str {
        &self.project
    }
}

impl FromStr for Address {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = |why| InvalidAddress::new(text, why);
        let (origin, rest) = Origin::read(text).map_err(refuse)?;
        let project = rest.strip_prefix('/').unwrap_or(rest);
        let project = project.strip_suffix('/').unwrap_or(project);
        let letter =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
        let fits = (1..=100).contains(&project.len()) && project.bytes().all(letter);
        if !fits || project.starts_with(['-', '_']) {
            return Err(refuse("behind the host comes the name of one project"));
        }
        Ok(Self {
            origin,
            project: project.to_owned(),
        })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.origin, self.project)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_form() {
        for (text, shown) in [
            (
                "https://Studio.Example/ferry",
                "https://studio.example/ferry",
            ),
            (
                "https://studio.example:443/ferry/",
                "https://studio.example/ferry",
            ),
            (
                "https://studio.example:8443/ferry",
                "https://studio.example:8443/ferry",
            ),
            ("http://127.0.0.1:7411/ferry", "http://127.0.0.1:7411/ferry"),
            ("http://localhost:7411/ferry", "http://localhost:7411/ferry"),
            ("http://[::1]:7411/ferry", "http://[::1]:7411/ferry"),
            ("http://[0:0::1]/a_b-2", "http://[::1]/a_b-2"),
        ] {
            let address: Address = text.parse().unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(address.to_string(), shown);
            assert_eq!(shown.parse::<Address>().unwrap(), address);
        }
    }

    #[test]
    fn what_could_lead_elsewhere_is_no_address() {
        for text in [
            "",
            "studio.example/ferry",
            "file:///ferry",
            "http://studio.example/ferry",
            "http://169.254.169.254/ferry",
            "http://0x7f.1/ferry",
            "http://127.1/ferry",
            "http://2130706433/ferry",
            "http://localhost.evil.example/ferry",
            "https:///ferry",
            "https://user:password@studio.example/ferry",
            "https://studio.example@evil.example/ferry",
            "https://studio.example%0a.evil/ferry",
            "https://studio.example\n/ferry",
            "https://studio.example:/ferry",
            "https://studio.example:0/ferry",
            "https://studio.example:65536/ferry",
            "https://studio.example:+1/ferry",
            "https://studio..example/ferry",
            "https://-studio.example/ferry",
            "https://[::1/ferry",
            "https://[::g]/ferry",
            "https://studio.example",
            "https://studio.example/",
            "https://studio.example/a/b",
            "https://studio.example/..",
            "https://studio.example/a?b",
            "https://studio.example/a#b",
            "https://studio.example/A",
        ] {
            let error = text.parse::<Address>().unwrap_err().to_string();
            assert!(!error.contains("user:"), "{error}");
        }
    }

    #[test]
    fn hosts_that_no_proxy_is_for_are_named_as_others_name_them() {
        let named = |address: &str, list: &str| {
            address
                .parse::<Address>()
                .unwrap()
                .origin()
                .is_named_by(list)
        };
        for list in [
            "studio.example",
            "example",
            ".example",
            "*.example",
            "*",
            "a.b, Studio.example",
            "studio.example:443",
        ] {
            assert!(named("https://studio.example/ferry", list), "{list}");
        }
        for list in [
            "",
            "studio",
            "dio.example",
            "studio.example:7411",
            "a.studio.example",
            ",",
        ] {
            assert!(!named("https://studio.example/ferry", list), "{list}");
        }
        assert!(named("https://10.0.0.7:7411/ferry", "10.0.0.7:7411"));
        assert!(named("https://[fd00::7]/ferry", "fd00::7"));
        assert!(!named("https://[fd00::7]/ferry", "fd00::8"));
    }
}
