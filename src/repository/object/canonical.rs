//! One object, one encoding: canonical DAG-CBOR, and ids that no two kinds can share.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Keys, LaterKeys, MAX_OBJECT_BYTES, Malformed, Reference, UnsafeName, later, shape};

/// The kinds of structured objects. The numbers stand in packs and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum ObjectKind {
    /// A folder's listing.
    Tree = 16,
    /// A commit.
    Commit = 17,
    /// What determines an output.
    Action = 18,
    /// One run of an action.
    Generation = 19,
    /// A decision to keep a stale output.
    Acceptance = 20,
    /// An entry of the operation log.
    Operation = 21,
    /// HEAD and the refs at one moment.
    View = 22,
    /// What was let go of.
    Expiry = 23,
    /// A node of the tree of refs.
    Refs = 24,
    /// Two versions of a file that collide.
    Conflict = 25,
}

impl ObjectKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Tree,
        Self::Commit,
        Self::Action,
        Self::Generation,
        Self::Acceptance,
        Self::Operation,
        Self::View,
        Self::Expiry,
        Self::Refs,
        Self::Conflict,
    ];

    /// The word for it in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tree => "tree",
            Self::Commit => "commit",
            Self::Action => "action",
            Self::Generation => "generation",
            Self::Acceptance => "acceptance",
            Self::Operation => "operation",
            Self::View => "view",
            Self::Expiry => "expiry",
            Self::Refs => "refs",
            Self::Conflict => "conflict",
        }
    }

    /// The key-derivation context of its ids. Part of the format.
    const fn context(self) -> &'static str {
        match self {
            Self::Tree => "aiut 2026 tree v1",
            Self::Commit => "aiut 2026 commit v1",
            Self::Action => "aiut 2026 action v1",
            Self::Generation => "aiut 2026 generation v1",
            Self::Acceptance => "aiut 2026 acceptance v1",
            Self::Operation => "aiut 2026 operation v1",
            Self::View => "aiut 2026 view v1",
            Self::Expiry => "aiut 2026 expiry v1",
            Self::Refs => "aiut 2026 refs v1",
            Self::Conflict => "aiut 2026 conflict v1",
        }
    }

    /// The id, as bare bytes, of the object of this kind with this encoding.
    #[must_use]
    pub fn digest(self, encoding: &[u8]) -> [u8; 32] {
        *blake3::Hasher::new_derive_key(self.context())
            .update(encoding)
            .finalize()
            .as_bytes()
    }
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The id type of one kind of object.
pub trait ObjectId: Copy + Eq + Ord + fmt::Display + fmt::Debug {
    /// The id with these bytes.
    fn from_digest(digest: [u8; 32]) -> Self;

    /// Its bytes.
    fn digest(&self) -> &[u8; 32];
}

macro_rules! object_ids {
    ($($id:ident)*) => {$(
        impl ObjectId for super::$id {
            fn from_digest(digest: [u8; 32]) -> Self {
                Self::from_bytes(digest)
            }

            fn digest(&self) -> &[u8; 32] {
                self.as_bytes()
            }
        }
    )*};
}

object_ids! { TreeId CommitId ActionId GenerationId AcceptanceId OperationId ViewId ExpiryId RefsId ConflictId }

/// A structured object: stored in its canonical encoding under the id that follows from it.
pub trait Object: Serialize + DeserializeOwned {
    /// Its id type, so that a tree's id cannot go where a commit's belongs.
    type Id: ObjectId;

    /// Its kind.
    const KIND: ObjectKind;

    /// The keys that this aiut knows of it.
    const KEYS: Keys;

    /// The rules that its type alone does not hold. Checked on the way in and on the way out.
    ///
    /// # Errors
    /// The first rule broken.
    fn check(&self) -> Result<(), InvalidObject>;

    /// What it names.
    fn references(&self) -> Vec<Reference>;

    /// What of a later aiut goes on into the objects that are made from it.
    fn later(&self) -> LaterKeys {
        LaterKeys::default()
    }

    /// Takes over what a later aiut put into it.
    fn keep(&mut self, later: LaterKeys) {
        drop(later);
    }
}

/// Why bytes are not an object, or a value may not become one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidObject {
    /// Not one canonical item.
    #[error("not canonical: {0}")]
    Malformed(#[from] Malformed),
    /// Canonical, but not of this kind's form.
    #[error("not a {kind}: {reason}")]
    Form {
        /// The kind asked for.
        kind: ObjectKind,
        /// What the decoder says.
        reason: String,
    },
    /// It has the form, but another encoding than the canonical one.
    #[error("the {0} is not in its one canonical encoding")]
    NotCanonical(ObjectKind),
    /// Larger than any object may be.
    #[error("{bytes} bytes are more than an object may take ({MAX_OBJECT_BYTES})")]
    TooLarge {
        /// Its length.
        bytes: usize,
    },
    /// A name that is unsafe on some system.
    #[error(transparent)]
    Name(#[from] UnsafeName),
    /// A later aiut made it, and says that it cannot be understood without this key.
    #[error("the {kind} has the key {key:?}, which this aiut does not know and may not pass over")]
    Later {
        /// The kind asked for.
        kind: ObjectKind,
        /// The key.
        key: String,
    },
    /// Another rule of the kind.
    #[error("{0}")]
    Rule(String),
}

/// The canonical bytes of an object.
///
/// # Errors
/// `InvalidObject` when it breaks a rule of its kind.
pub fn encode<T: Object>(object: &T) -> Result<Vec<u8>, InvalidObject> {
    object.check()?;
    let bytes = later::join(T::KEYS, serialize(object)?, &object.later());
    if bytes.len() > MAX_OBJECT_BYTES {
        return Err(InvalidObject::TooLarge { bytes: bytes.len() });
    }
    Ok(bytes)
}

/// The id of an object.
///
/// # Errors
/// As [`encode`].
pub fn id_of<T: Object>(object: &T) -> Result<T::Id, InvalidObject> {
    Ok(T::Id::from_digest(T::KIND.digest(&encode(object)?)))
}

/// The object that these bytes are the canonical encoding of.
///
/// # Errors
/// `InvalidObject` says what is wrong with them.
pub fn decode<T: Object>(bytes: &[u8]) -> Result<T, InvalidObject> {
    if bytes.len() > MAX_OBJECT_BYTES {
        return Err(InvalidObject::TooLarge { bytes: bytes.len() });
    }
    shape::check(bytes)?;
    match decode_known(bytes) {
        Err(reason @ InvalidObject::Form { .. }) => match later::split(T::KIND, T::KEYS, bytes)? {
            Some((known, later)) => {
                let mut object: T = decode_known(&known)?;
                object.keep(later);
                Ok(object)
            }
            None => Err(reason),
        },
        decoded => decoded,
    }
}

/// The same, with all keys known.
fn decode_known<T: Object>(bytes: &[u8]) -> Result<T, InvalidObject> {
    let object: T = serde_ipld_dagcbor::from_slice(bytes).map_err(|error| InvalidObject::Form {
        kind: T::KIND,
        reason: error.to_string(),
    })?;
    object.check()?;
    if serialize(&object)? != bytes {
        return Err(InvalidObject::NotCanonical(T::KIND));
    }
    Ok(object)
}

fn serialize<T: Object>(object: &T) -> Result<Vec<u8>, InvalidObject> {
    serde_ipld_dagcbor::to_vec(object).map_err(|error| InvalidObject::Form {
        kind: T::KIND,
        reason: error.to_string(),
    })
}

/// A rule of a kind, stated where it is checked.
pub(super) fn rule(holds: bool, broken: impl FnOnce() -> String) -> Result<(), InvalidObject> {
    if holds {
        Ok(())
    } else {
        Err(InvalidObject::Rule(broken()))
    }
}
