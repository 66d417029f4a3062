//! The state of an output that follows from what its generator made.

use super::item::{Item, Outcome, Past, State};
use super::kept::Basis;
use super::plan::{Planner, RecipeResult, action_id, action_of};
use super::snapshot::Snapshot;
use super::stage::Stage;
use super::unread::{ReadError, Unread};
use crate::merge::merge_json_locked;
use crate::object::{Action, FileId};

impl Planner<'_> {
    /// The item with the state that follows from what the generator made of the current inputs, and
    /// whether it is an output at all.
    #[allow(clippy::too_many_arguments, reason = "all that a verdict follows from")]
    pub(super) fn judge(
        &self,
        stage: &Stage,
        version: &str,
        mut item: Item,
        past: Option<&Past>,
        made: Result<RecipeResult, ReadError>,
        snapshot: &mut Snapshot,
        basis: &mut Basis,
    ) -> (Item, bool) {
        let there = item.current.is_some();
        let made = match made {
            Err(ReadError::Pending(_)) | Ok(_) if !item.record.pending.is_empty() => {
                item.state = if there {
                    State::Pending
                } else {
                    State::Missing
                };
                item.outcome = Outcome::Wait;
                return (item, true);
            }
            Err(error) => return (item.broken(error), true),
            Ok(made) => made,
        };
        let action = action_of(stage, version, &item);
        match self.accepted(&item, &action) {
            Ok(false) => {}
            Ok(true) => {
                item.state = State::Accepted;
                item.action = Some(action).into();
                return (item, true);
            }
            Err(reason) => return (item.broken(reason), true),
        }
        let stale = if there { State::Stale } else { State::Missing };
        match made {
            RecipeResult::Nothing if !there => return (item, false),
            RecipeResult::Nothing => {
                item.state = State::Orphan;
                item.outcome = if item.edited {
                    Outcome::Keep
                } else {
                    Outcome::Remove
                };
            }
            RecipeResult::Bytes(bytes) => {
                let id = FileId::of(&bytes);
                item.made = Some(id);
                let old = past.and_then(|past| past.output(&item.path));
                if item.edited {
                    // What was locked, and when, is a matter of earlier runs.
                    basis.asked = Some(action_id(&action));
                }
                let freed = match past.filter(|_| item.edited) {
                    Some(past) => {
                        super::locks::base_before_locks(&item, past, self.records, snapshot)
                    }
                    None => Ok(None),
                };
                let freed = match freed {
                    Ok(freed) => freed,
                    Err(reason) => return (item.broken(reason), true),
                };
                if old != Some(id) || freed.is_some() {
                    let written = match (old, item.edited) {
                        (Some(old), true) => match self.join(&item, &old, freed, bytes, snapshot) {
                            Ok((id, conflicts)) => {
                                item.conflicts = conflicts;
                                id
                            }
                            Err(reason) => return (item.broken(reason), true),
                        },
                        _ => snapshot.keep(bytes),
                    };
                    // Where a lock keeps all that the engine would change, nothing is out of date.
                    let is_there = item.current.is_some_and(|current| current.id == written);
                    if !is_there || !item.conflicts.is_empty() {
                        item.state = stale;
                        item.outcome = match self.inert.get(&stage.name) {
                            None => Outcome::Write(written),
                            Some(reason) => {
                                item.problem = Some(reason.clone());
                                Outcome::Refuse
                            }
                        };
                    }
                }
            }
            RecipeResult::External => {
                let id = action_id(&action);
                basis.asked = Some(id);
                let cached = match self.records.cached(&id) {
                    Ok(cached) => cached,
                    Err(reason) => return (item.broken(reason), true),
                };
                item.state = stale;
                item.outcome = match cached {
                    // The hand-edited file stays; the new one is a take already.
                    Some(_) if item.edited => Outcome::Keep,
                    Some((generation, id)) => Outcome::Restore(generation, id),
                    None => match self.inert.get(&stage.name) {
                        None => Outcome::Run,
                        Some(reason) => {
                            item.problem = Some(reason.clone());
                            Outcome::Refuse
                        }
                    },
                };
            }
        }
        item.action = Some(action).into();
        (item, true)
    }

    /// Merges a new output into the hand-edited one; both contents are kept in the snapshot. `base`
    /// is what both grew out of, where that is not the old output.
    fn join(
        &self,
        item: &Item,
        old: &FileId,
        base: Option<String>,
        new: Vec<u8>,
        snapshot: &mut Snapshot,
    ) -> Result<(FileId, Vec<String>), ReadError> {
        let path = item.path.as_str();
        let broken = |reason: String| ReadError::Broken {
            path: path.to_owned(),
            reason,
        };
        let text = |bytes: &[u8]| {
            let text = std::str::from_utf8(bytes).map(str::to_owned);
            text.map_err(|error| broken(error.to_string()))
        };
        let read = |id: &FileId| text(&snapshot.bytes(path, id)?);
        let current = item.current.expect("what is edited is there").id;
        let base = base.map_or_else(|| read(old), Ok)?;
        let merged = merge_json_locked(&base, &read(&current)?, &text(&new)?)
            .ok_or_else(|| broken("it is not JSON".to_owned()))?;
        let mut conflicts = merged.conflicts();
        conflicts.extend(merged.twice);
        snapshot.keep(new);
        Ok((snapshot.keep(merged.text.into_bytes()), conflicts))
    }

    fn accepted(&self, item: &Item, action: &Action) -> Result<bool, Unread> {
        let Some(current) = item.current else {
            return Ok(false);
        };
        let Some(id) = current.accepted else {
            return Ok(false);
        };
        let kept = self.records.acceptance(&id)?;
        Ok(kept.output == current.id && kept.reads == action.reads)
    }
}
