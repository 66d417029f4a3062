//! A server as a remote.

use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use ureq::http::Response;
use ureq::{Agent, Body, SendBody};

use crate::address::Address;
use crate::keys::{Keys, Token};
use crate::shared::{
    Advertised, Listed, MOST_PARCEL_BYTES, PackId, Problem, Push, Pushed, Remote, RemoteError,
    Result, Session, SessionId, Wanted,
};
use crate::store::RecordId;

/// Longest answer in JSON, in bytes: refs of a hundred thousand timelines.
const MOST_JSON: u64 = 64 << 20;
/// Longest list of records.
const MOST_RECORDS: u64 = 1 << 30;
/// Longest words of a server that are shown.
const MOST_WORDS: usize = 500;

/// A project on a server.
#[derive(Debug)]
pub struct HttpRemote {
    address: Address,
    token: Option<Token>,
    agent: Agent,
    /// How often in a row it could not be reached.
    failures: AtomicU32,
}

impl HttpRemote {
    /// The project at an address, with the key that is for it. `proxy` is that of the user's settings.
    ///
    /// # Errors
    /// `Refused` where the proxy is none.
    pub fn new(address: Address, keys: &Keys, proxy: Option<&str>) -> Result<Self> {
        let proxy = match proxy {
            Some(proxy) => Some(ureq::Proxy::new(proxy).map_err(|_| {
                RemoteError::Refused("the address of the proxy is none".to_owned())
            })?),
            None => None,
        };
        let agent = Agent::config_builder()
            // A server that leads elsewhere would be sent the token there.
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_connect(Some(Duration::from_secs(20)))
            .timeout_recv_response(Some(Duration::from_secs(900)))
            .user_agent(concat!("aiut/", env!("CARGO_PKG_VERSION")))
            .proxy(proxy)
            .build();
        Ok(Self {
            token: keys.of(address.origin()).cloned(),
            address,
            agent: agent.into(),
            failures: AtomicU32::new(0),
        })
    }

    fn url(&self, rest: &str) -> String {
        let (origin, project) = (self.address.origin(), self.address.project());
        format!("{origin}/api/v1/projects/{project}/{rest}")
    }

    /// Sends a request, and makes an error of an answer that is one.
    fn ask(
        &self,
        method: &'static str,
        url: &str,
        headers: &[(&str, String)],
        body: SendBody<'_>,
    ) -> Result<Response<Body>> {
        let mut request = ureq::http::Request::builder().method(method).uri(url);
        if let Some(token) = &self.token {
            request = request.header("authorization", token.header());
        }
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(body);
        let request =
            request.map_err(|_| RemoteError::Refused("the request cannot be made".to_owned()))?;
        let answer = match self.agent.run(request) {
            Ok(answer) => answer,
            Err(error) => return Err(self.unreachable(&error)),
        };
        self.failures.store(0, Ordering::Relaxed);
        match answer.status().as_u16() {
            200..300 => Ok(answer),
            status => Err(self.refusal(status, answer)),
        }
    }

    /// Whoever asks again should not do so at once.
    fn unreachable(&self, error: &ureq::Error) -> RemoteError {
        let before = self.failures.fetch_add(1, Ordering::Relaxed);
        let pause = Duration::from_millis(100) * 2_u32.pow(before.min(5));
        std::thread::sleep(pause);
        // It may quote the request, whose address holds no secret and whose headers it does not quote.
        let why = shown(&error.to_string());
        RemoteError::Away(format!(
            "{} cannot be reached: {why}",
            self.address.origin()
        ))
    }

    fn refusal(&self, status: u16, mut answer: Response<Body>) -> RemoteError {
        let text = answer
            .body_mut()
            .with_config()
            .limit(MOST_JSON)
            .read_to_vec();
        let problem = text
            .ok()
            .and_then(|text| serde_json::from_slice::<Problem>(&text).ok());
        match problem {
            Some(mut problem) => {
                problem.message = shown(&problem.message);
                match problem.into_error() {
                    RemoteError::Absent(_) => RemoteError::Absent(self.address.to_string()),
                    error => error,
                }
            }
            None if (300..400).contains(&status) => RemoteError::Refused(format!(
                "{} leads to another address; use that one",
                self.address.origin()
            )),
            None if status >= 500 || status == 429 => {
                let pause = Duration::from_millis(200);
                std::thread::sleep(pause);
                RemoteError::Away(format!("{} answered {status}", self.address.origin()))
            }
            None => RemoteError::Refused(format!(
                "{} answered {status}, and not as an aiut-server does",
                self.address.origin()
            )),
        }
    }

    fn broke(&self, error: &dyn std::fmt::Display) -> RemoteError {
        RemoteError::Away(format!(
            "the connection broke: {}",
            shown(&error.to_string())
        ))
    }

    fn whole(&self, mut answer: Response<Body>, most: u64) -> Result<Vec<u8>> {
        let read = answer.body_mut().with_config().limit(most).read_to_vec();
        read.map_err(|error| self.broke(&error))
    }

    fn json<T: DeserializeOwned>(&self, answer: Response<Body>) -> Result<T> {
        let text = self.whole(answer, MOST_JSON)?;
        serde_json::from_slice(&text).map_err(|_| {
            RemoteError::Refused(format!(
                "{} does not answer as an aiut-server does",
                self.address.origin()
            ))
        })
    }

    fn get<T: DeserializeOwned>(&self, rest: &str) -> Result<T> {
        self.json(self.ask("GET", &self.url(rest), &[], SendBody::none())?)
    }

    fn post(&self, rest: &str, kind: &str, body: &[u8]) -> Result<Response<Body>> {
        let headers = [
            ("content-type", kind.to_owned()),
            ("content-length", body.len().to_string()),
        ];
        let mut body = body;
        self.ask(
            "POST",
            &self.url(rest),
            &headers,
            SendBody::from_reader(&mut body),
        )
    }
}

/// What a server says, without what would steer a terminal.
fn shown(text: &str) -> String {
    let plain = text.chars().take(MOST_WORDS);
    plain
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

const BYTES: &str = "application/octet-stream";
const JSON: &str = "application/json";

fn written(records: &[RecordId]) -> Vec<u8> {
    records.iter().flat_map(RecordId::to_bytes).collect()
}

/// How much of a pack has arrived.
#[derive(Deserialize)]
struct Have {
    have: u64,
}

impl Remote for HttpRemote {
    fn name(&self) -> String {
        self.address.to_string()
    }

    fn advertise(&self) -> Result<Advertised> {
        self.get("refs")
    }

    fn missing(&self, session: Option<&SessionId>, records: &[RecordId]) -> Result<Vec<RecordId>> {
        let rest = match session {
            Some(session) => format!("pushes/{session}/missing"),
            None => "missing".to_owned(),
        };
        let answer = self.post(&rest, BYTES, &written(records))?;
        let text = self.whole(answer, MOST_RECORDS)?;
        let (missing, rest) = text.as_chunks::<33>();
        let missing: Option<Vec<RecordId>> = missing.iter().map(RecordId::from_bytes).collect();
        missing.filter(|_| rest.is_empty()).ok_or_else(|| {
            RemoteError::Refused(format!(
                "{} does not answer as an aiut-server does",
                self.address.origin()
            ))
        })
    }

    fn begin(&self, session: &SessionId) -> Result<Session> {
        let url = self.url(&format!("pushes/{session}"));
        self.json(self.ask("PUT", &url, &[], SendBody::none())?)
    }

    fn arrived(&self, session: &SessionId, pack: &PackId) -> Result<u64> {
        let Have { have } = self.get(&format!("pushes/{session}/packs/{pack}"))?;
        Ok(have)
    }

    fn upload(
        &self,
        session: &SessionId,
        pack: &PackId,
        bytes: u64,
        offset: u64,
        rest: &mut (dyn Read + Send),
    ) -> Result<u64> {
        let url = self.url(&format!(
            "pushes/{session}/packs/{pack}?bytes={bytes}&offset={offset}"
        ));
        let headers = [
            ("content-type", BYTES.to_owned()),
            ("content-length", bytes.saturating_sub(offset).to_string()),
            // What there is no room for is not sent.
            ("expect", "100-continue".to_owned()),
        ];
        let mut rest = rest;
        let body = SendBody::from_reader(&mut rest);
        let Have { have } = self.json(self.ask("PUT", &url, &headers, body)?)?;
        Ok(have)
    }

    fn commit(&self, session: &SessionId, push: &Push) -> Result<Pushed> {
        let body = serde_json::to_vec(push).expect("a push is text and numbers");
        self.json(self.post(&format!("pushes/{session}/commit"), JSON, &body)?)
    }

    fn list(&self, wanted: &Wanted) -> Result<Vec<Listed>> {
        let body = serde_json::to_vec(wanted).expect("ids are text");
        let text = self.whole(self.post("list", JSON, &body)?, MOST_RECORDS)?;
        let (listed, rest) = text.as_chunks::<{ Listed::BYTES }>();
        let listed: Option<Vec<Listed>> = listed.iter().map(Listed::from_bytes).collect();
        listed.filter(|_| rest.is_empty()).ok_or_else(|| {
            RemoteError::Refused(format!(
                "{} does not answer as an aiut-server does",
                self.address.origin()
            ))
        })
    }

    fn download(&self, records: &[RecordId], offset: u64, out: &mut dyn Write) -> Result<()> {
        let body = written(records);
        let mut headers = vec![
            ("content-type", BYTES.to_owned()),
            ("content-length", body.len().to_string()),
        ];
        if offset > 0 {
            headers.push(("range", format!("bytes={offset}-")));
        }
        let mut body = body.as_slice();
        let url = self.url("pack");
        let answer = self.ask("POST", &url, &headers, SendBody::from_reader(&mut body))?;
        if offset > 0 && answer.status().as_u16() != 206 {
            return Err(RemoteError::Refused(format!(
                "{} does not go on where it was asked to",
                self.address.origin()
            )));
        }
        let mut reader = answer.into_body().into_reader().take(MOST_PARCEL_BYTES);
        let mut piece = vec![0; 128 << 10];
        loop {
            let read = match reader.read(&mut piece) {
                Ok(0) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read.map_err(|error| self.broke(&error))?,
            };
            out.write_all(&piece[..read])
                .map_err(|error| self.broke(&error))?;
        }
    }
}
