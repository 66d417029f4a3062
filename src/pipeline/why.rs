//! Why an output is not what it was made to be: the reads that changed, down the chain to the
//! edit, each with its old and its new value.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::fields::{FieldChange, field_changes};
use super::item::{Item, Records, State};
use super::selector::{Part, Selector};
use super::snapshot::Snapshot;
use crate::object::RepoPath;

/// An output with the reasons for its state.
#[derive(Debug, Clone, Serialize)]
pub struct Cause {
    /// The output.
    pub path: RepoPath,
    /// Its stage.
    pub stage: String,
    /// Its state.
    pub state: State,
    /// Whether people changed it since it was generated.
    pub edited: bool,
    /// What is wrong with its inputs, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// The reads that changed.
    pub reasons: Vec<Reason>,
}

/// A read that changed.
#[derive(Debug, Clone, Serialize)]
pub struct Reason {
    /// What was read.
    pub selector: String,
    /// What changed in it.
    pub fields: Vec<FieldChange>,
    /// Why that changed, if it is itself an output.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Box<Cause>>,
}

/// Explains outputs of one plan.
pub struct Explainer<'a> {
    items: BTreeMap<&'a str, &'a Item>,
    snapshot: &'a Snapshot,
    records: &'a dyn Records,
}

impl<'a> Explainer<'a> {
    /// An explainer for `plan`, whose result `snapshot` holds.
    #[must_use]
    pub fn new(plan: &'a [Item], snapshot: &'a Snapshot, records: &'a dyn Records) -> Self {
        let items = plan.iter().map(|item| (item.path.as_str(), item)).collect();
        Self {
            items,
            snapshot,
            records,
        }
    }

    /// Why the output at `path` has its state; none if no stage makes it.
    #[must_use]
    pub fn explain(&self, path: &str) -> Option<Cause> {
        self.cause(path, &mut BTreeSet::new())
    }

    fn cause(&self, path: &str, seen: &mut BTreeSet<String>) -> Option<Cause> {
        let item = self.items.get(path)?;
        seen.insert(path.to_owned());
        let before = item
            .current
            .and_then(|current| current.made_by)
            .and_then(|id| self.records.generation(&id).ok())
            .map(|past| {
                let inputs = past.generation.inputs.iter();
                self.snapshot
                    .with_files(inputs.map(|(path, id)| (path.clone(), *id)))
            });
        let mut reasons: Vec<Reason> = Vec::new();
        for change in &item.changes {
            let Ok(selector) = change.selector.parse::<Selector>() else {
                reasons.push(plain(
                    &change.selector,
                    change.old.clone(),
                    change.new.clone(),
                ));
                continue;
            };
            if item
                .record
                .pending
                .contains(selector.path().unwrap_or_default())
            {
                continue;
            }
            let old = before
                .as_ref()
                .and_then(|before| before.value(&selector).ok().flatten());
            let new = self.snapshot.value(&selector).ok().flatten();
            let mut fields = match &selector {
                // Two ids say nothing to people; what made the file says more.
                Selector::File(_) => Vec::new(),
                Selector::Config(_) => Vec::new(),
                _ => field_changes(old.as_ref(), new.as_ref()),
            };
            prefix(&selector, &mut fields);
            if fields.is_empty() {
                fields.push(FieldChange {
                    field: String::new(),
                    old: change.old.as_deref().map(short),
                    new: change.new.as_deref().map(short),
                });
            }
            let because = self.upstream(selector.path(), seen);
            reasons.push(Reason {
                selector: change.selector.clone(),
                fields,
                because,
            });
        }
        for path in &item.record.pending {
            let because = self.upstream(Some(path), seen);
            reasons.push(Reason {
                selector: path.clone(),
                fields: Vec::new(),
                because,
            });
        }
        Some(Cause {
            path: item.path.clone(),
            stage: item.stage.clone(),
            state: item.state,
            edited: item.edited,
            problem: item.problem.clone(),
            reasons,
        })
    }

    fn upstream(&self, path: Option<&str>, seen: &mut BTreeSet<String>) -> Option<Box<Cause>> {
        let path = path.filter(|path| !seen.contains(*path))?;
        let item = self.items.get(path)?;
        (item.state != State::Fresh || item.edited)
            .then(|| self.cause(path, seen).map(Box::new))
            .flatten()
    }
}

fn plain(name: &str, old: Option<String>, new: Option<String>) -> Reason {
    let fields = vec![FieldChange {
        field: String::new(),
        old,
        new,
    }];
    Reason {
        selector: name.to_owned(),
        fields,
        because: None,
    }
}

/// Fields of a scene are said to be the scene's.
fn prefix(selector: &Selector, fields: &mut [FieldChange]) {
    let name = match selector {
        Selector::Scene { number, .. } => format!("scene {}", number.trim_start_matches('0')),
        Selector::Part {
            part: Part::Cast, ..
        } => "cast".to_owned(),
        _ => return,
    };
    for change in fields {
        let field = change
            .field
            .strip_prefix("elements.")
            .unwrap_or(&change.field);
        change.field = format!("{name}, {field}");
    }
}

/// A digest as listings show ids; other texts as they are.
fn short(text: &str) -> String {
    let hex = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if hex {
        text[..12].to_owned()
    } else {
        text.to_owned()
    }
}
