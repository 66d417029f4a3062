//! Records and refs in memory: what the conformance suite measures the others by.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use super::{RefStore, Standing, Storage, Swap, Swapped, not_where_expected};
use crate::Result;
use crate::ids::SessionId;
use crate::names::check_new_names;
use crate::object::FIRST_TIMELINE;
use crate::store::{Carried, ExchangePack, RecordId};
use crate::wire::Pushed;

/// Records in memory.
#[derive(Debug, Default)]
pub struct MemoryStorage(RwLock<HashMap<RecordId, Carried>>);

impl Storage for MemoryStorage {
    fn stored(&self, id: &RecordId) -> Result<Option<u32>> {
        let records = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Ok(records.get(id).map(Carried::stored))
    }

    fn carry(&self, id: &RecordId) -> Result<Option<Carried>> {
        let records = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Ok(records.get(id).cloned())
    }

    fn add(&self, packs: &[ExchangePack]) -> Result<()> {
        let mut new = Vec::new();
        for pack in packs {
            for place in 0..pack.records().len() {
                new.push(pack.carry(place)?);
            }
        }
        let mut records = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for carried in new {
            records.entry(carried.id()).or_insert(carried);
        }
        Ok(())
    }
}

/// Refs in memory.
#[derive(Debug)]
pub struct MemoryRefs(Mutex<(Standing, HashMap<SessionId, Pushed>)>);

impl Default for MemoryRefs {
    fn default() -> Self {
        let standing = Standing {
            head: FIRST_TIMELINE.to_owned(),
            ..Standing::default()
        };
        Self(Mutex::new((standing, HashMap::new())))
    }
}

impl MemoryRefs {
    fn lock(&self) -> MutexGuard<'_, (Standing, HashMap<SessionId, Pushed>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RefStore for MemoryRefs {
    fn standing(&self) -> Result<Standing> {
        Ok(self.lock().0.clone())
    }

    fn swap(&self, swap: &Swap) -> Result<Swapped> {
        let mut guard = self.lock();
        let (standing, done) = &mut *guard;
        if let Some(pushed) = done.get(&swap.key) {
            return Ok(Swapped::Done(pushed.clone()));
        }
        let elsewhere = not_where_expected(&swap.moves, &mut |name| {
            Ok(standing.refs.get(name).copied())
        })?;
        if !elsewhere.is_empty() {
            return Ok(Swapped::Moved(elsewhere));
        }
        check_new_names(&standing.refs, &swap.moves)?;
        for (name, to) in &swap.moves {
            match to.to {
                Some(commit) => standing.refs.insert(name.clone(), commit),
                None => standing.refs.remove(name),
            };
        }
        standing.mark += 1;
        let pushed = Pushed {
            mark: standing.mark,
        };
        done.insert(swap.key, pushed.clone());
        Ok(Swapped::Done(pushed))
    }
}
