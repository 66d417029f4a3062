//! A project, or what changed of it since some commits, in one file.
//!
//! ```text
//! pack for exchange
//! what it is: JSON { version, project, head, refs, needs }
//! its length: u32, little-endian · BLAKE3 of the JSON: [u8; 16] · "aiut bundle\n"
//! ```
//! What it is stands at the end, so that the file is written in one go. A bundle is fetched from as a remote is,
//! and nothing in it is believed that a remote would not be believed.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::base::atomic::AtomicFile;
use crate::base::progress::{Progress, Unit};
use crate::error::io_error;
use crate::host::{download_of, missing_of};
use crate::ids::{PackId, SessionId};
use crate::object::{CommitId, ProjectId};
use crate::packing::write_parcel;
use crate::plan::{PlanOf, plan, plan_files, plan_of};
use crate::remote::Remote;
use crate::storage::Storage;
use crate::store::{Carried, ExchangePack, RecordId};
use crate::wire::{Advertised, Listed, PROTOCOL, Push, Pushed, Session, Wanted};
use crate::{RemoteError, Result};

const MAGIC: &[u8; 12] = b"aiut bundle\n";
const VERSION: u32 = 1;
/// Bytes of the digest that seals what a bundle says of itself.
const SEAL: usize = 16;
/// Bytes behind the JSON.
const END: u64 = (4 + SEAL + MAGIC.len()) as u64;
/// Most bytes of the JSON: some hundred thousand refs.
const MOST_ABOUT: u32 = 32 << 20;

/// What is to be put into a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleOf {
    /// Which project it is.
    pub project: ProjectId,
    /// The short name of the timeline that a clone begins on.
    pub head: String,
    /// Timelines and tags by their full names.
    pub refs: BTreeMap<String, CommitId>,
    /// Commits that whoever gets it has already.
    pub needs: Vec<CommitId>,
}

/// What a bundle came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Bundled {
    /// Records in it.
    pub records: usize,
    /// Bytes of the file.
    pub bytes: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct About {
    version: u32,
    project: ProjectId,
    head: String,
    refs: BTreeMap<String, CommitId>,
    needs: Vec<CommitId>,
}

/// Writes a bundle, or nothing.
///
/// # Errors
/// `Incomplete` names what is not stored; an I/O error.
pub fn write_bundle(
    storage: &dyn Storage,
    of: &BundleOf,
    path: &Path,
    progress: &dyn Progress,
) -> Result<Bundled> {
    progress.start("Comparing", None, Unit::Items);
    let tips: Vec<CommitId> = of.refs.values().copied().collect();
    let listed = plan(storage, &tips, &of.needs)?;
    progress.finish();
    let bytes = listed.iter().map(|listed| u64::from(listed.stored)).sum();
    progress.start("Writing", Some(bytes), Unit::Bytes);
    let records: Vec<RecordId> = listed.iter().map(|listed| listed.record).collect();
    let mut file = AtomicFile::create(path).map_err(io_error("write", path))?;
    let mut out = Counted {
        file: &mut file,
        bytes: 0,
        progress,
    };
    write_parcel(storage, &records, 0, &mut out)?;
    let about = About {
        version: VERSION,
        project: of.project,
        head: of.head.clone(),
        refs: of.refs.clone(),
        needs: of.needs.clone(),
    };
    let about = serde_json::to_vec(&about).expect("names and ids can be written as JSON");
    let length = u32::try_from(about.len())
        .ok()
        .filter(|length| *length <= MOST_ABOUT);
    let length =
        length.ok_or_else(|| RemoteError::Refused("too many refs in one bundle".to_owned()))?;
    let mut end = about.clone();
    end.extend_from_slice(&length.to_le_bytes());
    end.extend_from_slice(&blake3::hash(&about).as_bytes()[..SEAL]);
    end.extend_from_slice(MAGIC);
    out.write_all(&end).map_err(io_error("write", path))?;
    let bytes = out.bytes;
    file.persist().map_err(io_error("write", path))?;
    progress.finish();
    Ok(Bundled {
        records: records.len(),
        bytes,
    })
}

struct Counted<'f> {
    file: &'f mut AtomicFile,
    bytes: u64,
    progress: &'f dyn Progress,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.bytes += written as u64;
        self.progress.advance(written as u64);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// A bundle as a place to fetch from.
#[derive(Debug)]
pub struct BundleRemote {
    path: PathBuf,
    about: About,
    pack: ExchangePack,
    places: HashMap<RecordId, usize>,
}

impl BundleRemote {
    /// Opens a bundle. Its records are looked at when they are taken out.
    ///
    /// # Errors
    /// `Refused` when it is no bundle, or a damaged one; an I/O error.
    pub fn open(path: &Path) -> Result<Self> {
        let refuse = |what: &str| Err(RemoteError::Refused(format!("{}: {what}", path.display())));
        let read = io_error("read", path);
        let opened = (|| {
            let mut file = File::open(path)?;
            let length = file.metadata()?.len();
            let mut end = [0; END as usize];
            if length < END {
                return Ok(None);
            }
            file.seek(SeekFrom::Start(length - END))?;
            file.read_exact(&mut end)?;
            Ok(Some((file, length, end)))
        })();
        let Some((mut file, length, end)) = opened.map_err(read)? else {
            return refuse("it is no bundle");
        };
        if !end.ends_with(MAGIC) {
            return refuse("it is no bundle, or its end is missing");
        }
        let [a, b, c, d, ..] = end;
        let about_bytes = u32::from_le_bytes([a, b, c, d]);
        let rest = length - END;
        if about_bytes > MOST_ABOUT || u64::from(about_bytes) > rest {
            return refuse("it is damaged");
        }
        let pack_bytes = rest - u64::from(about_bytes);
        let mut about = vec![0; about_bytes as usize];
        let read = file
            .seek(SeekFrom::Start(pack_bytes))
            .and_then(|_| file.read_exact(&mut about));
        read.map_err(io_error("read", path))?;
        if blake3::hash(&about).as_bytes()[..SEAL] != end[4..4 + SEAL] {
            return refuse("it is damaged");
        }
        let about: About = match serde_json::from_slice(&about) {
            Ok(about) => about,
            Err(error) => {
                return refuse(&format!("what it says of itself cannot be read: {error}"));
            }
        };
        if about.version != VERSION {
            return refuse(
                "another aiut wrote it, and this one does not know how; update the older of the two",
            );
        }
        let pack = ExchangePack::open_first(file, path, pack_bytes)?;
        let places = pack.records().enumerate().map(|(place, id)| (id, place));
        let places = places.collect();
        Ok(Self {
            path: path.to_owned(),
            about,
            pack,
            places,
        })
    }
}

impl Storage for BundleRemote {
    fn stored(&self, id: &RecordId) -> Result<Option<u32>> {
        Ok(self
            .places
            .get(id)
            .map(|place| self.pack.stored_bytes(*place)))
    }

    fn carry(&self, id: &RecordId) -> Result<Option<Carried>> {
        let place = self.places.get(id);
        Ok(place.map(|place| self.pack.carry(*place)).transpose()?)
    }

    fn add(&self, _packs: &[ExchangePack]) -> Result<()> {
        Err(never_pushed_to())
    }
}

fn never_pushed_to() -> RemoteError {
    RemoteError::Refused(
        "a bundle is a file that is written once; nothing is pushed to it".to_owned(),
    )
}

impl Remote for BundleRemote {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn advertise(&self) -> Result<Advertised> {
        Ok(Advertised {
            protocol: PROTOCOL,
            project: self.about.project,
            head: self.about.head.clone(),
            refs: self.about.refs.clone(),
            mark: 0,
        })
    }

    fn is_lasting(&self) -> bool {
        false
    }

    fn needs(&self) -> Vec<CommitId> {
        self.about.needs.clone()
    }

    fn missing(&self, _session: Option<&SessionId>, records: &[RecordId]) -> Result<Vec<RecordId>> {
        missing_of(self, &[], records)
    }

    fn begin(&self, _session: &SessionId) -> Result<Session> {
        Err(never_pushed_to())
    }

    fn arrived(&self, _session: &SessionId, _pack: &PackId) -> Result<u64> {
        Err(never_pushed_to())
    }

    fn upload(
        &self,
        _session: &SessionId,
        _pack: &PackId,
        _bytes: u64,
        _offset: u64,
        _rest: &mut (dyn Read + Send),
    ) -> Result<u64> {
        Err(never_pushed_to())
    }

    fn commit(&self, _session: &SessionId, _push: &Push) -> Result<Pushed> {
        Err(never_pushed_to())
    }

    /// All of it: what is here already is left out by whoever asks.
    fn list(&self, wanted: &Wanted) -> Result<Vec<Listed>> {
        if !wanted.files.is_empty() {
            return plan_files(self, &wanted.files);
        }
        if let Some(depth) = wanted.depth {
            // What it builds upon is not in it, and says nothing of how deep that is.
            let of = PlanOf {
                depth: Some(depth),
                objects_alone: wanted.objects_alone,
                ..PlanOf::new(&wanted.wants, &self.about.needs)
            };
            return plan_of(self, &of);
        }
        let listed = |(place, record)| Listed {
            record,
            stored: self.pack.stored_bytes(place),
        };
        let is_asked =
            |listed: &Listed| !wanted.objects_alone || listed.record.object_kind().is_some();
        let all = self.pack.records().enumerate().map(listed);
        Ok(all.filter(is_asked).collect())
    }

    fn download(&self, records: &[RecordId], offset: u64, out: &mut dyn Write) -> Result<()> {
        download_of(self, records, offset, out)
    }
}
