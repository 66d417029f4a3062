//! Answers about a film that are remembered: a question that was answered before, about a film of which
//! nothing changed since, is not worked out again.
//!
//! An answer is found under a fingerprint of everything that it can follow from. A session reads nothing
//! but what is listed here, so whoever lets it read more adds that to the list:
//!
//! | what an answer reads | what stands for it |
//! |---|---|
//! | the question | its name, the words as they were typed, what it counts as work |
//! | files of the work tree: their content, their making, their conflicts | the tree of the current commit, and what the scan found to differ from it; of a film that is only supposed, its tree. Contents are read by their ids, and one that is no longer what the scan saw is an error |
//! | `numbers.toml` as the script wants it | its text |
//! | `aiut.toml`, which is read before the scan | the settings as selectors see them, every stage with its parameters and prices, the budgets |
//! | what may run here: the user's `trust.toml`, the variables that the user's settings give, links that lead into the project | the stages that may not run with the reason, and the identity of each command |
//! | commits, timelines, tags, what was let go of | the current operation: whatever moves one of them is another operation |
//! | runs, records and contents of the store, whoever put them there | the state of its packs: a pack that was added, written to, mended or damaged is not as it was |
//! | what runs cost | the ledger's bytes |
//! | how long work takes here | the paces of this machine, and how many cores it has |
//! | the time | the day and its offset, of the one question that asks for it: what was spent today |
//! | the code | the build, in the key of every memo |
//!
//! No answer asks which programs are there; `generate` does when it runs, and `doctor`.
//!
//! What others can move while an answer is found is looked at before and after, and an answer between the
//! two is not noted. Nor is one about a film in which something is broken: people mend that, and are to
//! see it at once. Errors are never noted.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::FilmError;
use super::memo::edits_into;
use super::named::Targets;
use super::parts::Parts;
use super::plan::Planned;
use super::session::Session;
use super::shelf::{Digest, Shelf};
use crate::pipeline::{Options, State};

/// The answers that are kept. Sixteen are what the commands of an afternoon ask; they take at most
/// 64 MiB of the index.
const ANSWERS: Shelf = Shelf {
    name: "aiut 2026 answers v1",
    places: 16,
    most: 4 << 20,
};

/// How the films of timelines stand, which a tree of timelines asks of each of them: beside the other answers,
/// these would go.
pub(super) const STANDINGS: Shelf = Shelf {
    name: "aiut 2026 standings v1",
    places: 64,
    most: 64 << 10,
};

/// What is asked about a film.
pub(super) struct Question<'q> {
    /// Which question it is; no two have the same name.
    pub(super) name: &'static str,
    /// What counts as work.
    pub(super) options: Options,
    /// What it is asked about.
    pub(super) targets: Option<&'q Targets>,
    /// What else it was asked with, as text.
    pub(super) with: String,
    /// Whether the answer depends on which day it is.
    pub(super) of_today: bool,
    /// Where the answer is kept.
    pub(super) shelf: &'static Shelf,
}

impl<'q> Question<'q> {
    /// A question about the whole film as it would be made now.
    pub(super) fn named(name: &'static str) -> Self {
        Self {
            name,
            options: Options::default(),
            targets: None,
            with: String::new(),
            of_today: false,
            shelf: &ANSWERS,
        }
    }

    /// The same about a part of the film.
    pub(super) fn about(name: &'static str, targets: &'q Targets) -> Self {
        Self {
            targets: Some(targets),
            ..Self::named(name)
        }
    }
}

/// Of what an answer is kept.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Of(Digest);

/// What others can move while an answer is found.
#[derive(PartialEq, Eq)]
struct Moving {
    operation: Option<crate::object::OperationId>,
    store: Digest,
    ledger: Digest,
}

impl Session<'_> {
    /// The answer to a question: the one that was given before, if nothing changed since that it can
    /// follow from, else what `find` makes of a plan.
    ///
    /// # Errors
    /// `Unreadable` names what the system refused to read; what `find` says.
    pub(super) fn answer<T>(
        &self,
        question: &Question<'_>,
        find: impl FnOnce(&Planned) -> Result<T, FilmError>,
    ) -> Result<T, FilmError>
    where
        T: Serialize + DeserializeOwned,
    {
        let store = self.project.store();
        let before = self.moving();
        let of = before
            .as_ref()
            .map(|moving| Of(self.fingerprint(question, moving)));
        let known = of.as_ref().and_then(|of| {
            let slots = question.shelf.slots::<Of>(store);
            let slot = slots.iter().find(|slot| slot.label == *of)?;
            serde_json::from_slice(&question.shelf.bytes(store, slot)?).ok()
        });
        if let Some(known) = known {
            return self.all_read(known);
        }
        let planned = self.plan(question.options)?;
        let found = find(&planned);
        planned.snapshot.note_scenes();
        self.records.keep_facts(&planned.snapshot);
        let found = self.all_read(found?)?;
        let is_whole = planned.items.iter().all(|item| item.state != State::Broken);
        if let Some(of) = of
            && is_whole
            && self.moving() == before
            && let Ok(bytes) = serde_json::to_vec(&found)
        {
            question.shelf.keep(store, of, &bytes);
        }
        Ok(found)
    }

    /// None where one of it cannot be read: whoever needs it says so.
    fn moving(&self) -> Option<Moving> {
        Some(Moving {
            operation: self.project.view().ok()?.0,
            store: self.project.store().state().ok()?,
            ledger: self.ledger().state().ok()?,
        })
    }

    fn fingerprint(&self, question: &Question<'_>, moving: &Moving) -> Digest {
        let mut parts = Parts::new("aiut 2026 answer v1");
        parts.add(question.name.as_bytes());
        parts.add(question.with.as_bytes());
        for word in question.targets.iter().flat_map(|targets| targets.parts()) {
            parts.add(word.as_bytes());
        }
        parts.add(b"");
        parts.add(&self.stages_digest(question.options));
        parts.add(self.snapshot.config_text().as_bytes());
        parts.add(format!("{:?}", self.budget).as_bytes());
        parts.add(self.numbers.as_deref().unwrap_or_default().as_bytes());
        edits_into(&mut parts, &self.edits);
        for (stage, identity) in &self.agreement.identities {
            parts.add(stage.as_bytes());
            parts.add(identity.as_bytes());
        }
        parts.add(b"");
        parts.add(&self.times.state());
        let Moving {
            operation,
            store,
            ledger,
        } = moving;
        parts.add(operation.as_ref().map_or(&[], |id| id.as_bytes()));
        parts.add(store);
        parts.add(ledger);
        if question.of_today {
            let now = self.world.caller.clock.now();
            parts.add(&now.day().to_le_bytes());
            parts.add(&now.utc_offset_minutes.to_le_bytes());
        }
        parts.finish()
    }
}

#[cfg(test)]
mod tests;
