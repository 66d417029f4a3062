//! Records and refs of a store of aiut's own: packs in a folder, their index in LMDB, refs in the operation
//! log. A push is one operation, so what every project promises of its operations holds of pushes.

use std::sync::Arc;

use rayon::prelude::*;

use super::{RefStore, Standing, Storage, Swap, Swapped, not_where_expected};
use crate::Result;
use crate::names::{check_new_names, is_shared};
use crate::object::{FileId, Head, Operation, OperationId, ViewId};
use crate::packing::windows;
use crate::store::{Carried, ExchangePack, RecordId, Store, StoreError};
use crate::wire::Pushed;

impl Storage for Store {
    fn stored(&self, id: &RecordId) -> Result<Option<u32>> {
        Ok(self.stored_bytes(id)?)
    }

    fn carry(&self, id: &RecordId) -> Result<Option<Carried>> {
        Ok(Self::carry(self, id)?)
    }

    fn add(&self, packs: &[ExchangePack]) -> Result<()> {
        let batch = self.batch();
        for pack in packs {
            let lengths = (0..pack.records().len()).map(|place| pack.stored_bytes(place));
            for window in windows(lengths) {
                let carried: Result<Vec<Carried>, StoreError> = window
                    .into_par_iter()
                    .map(|place| pack.carry(place))
                    .collect();
                carried?
                    .iter()
                    .try_for_each(|carried| batch.carry(carried))?;
            }
        }
        batch.commit()?;
        Ok(())
    }

    fn is_promised(&self, id: &RecordId) -> Result<bool> {
        Ok(self.promised()?.has(id))
    }

    fn file_bytes(&self, file: FileId) -> Result<Option<u64>> {
        match self.file_size(file) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// The command that the operation of a push is noted with.
fn command_of(swap: &Swap) -> String {
    format!("push {}", swap.key)
}

/// The operation that this very swap made, if it was done before.
fn done_before(store: &Store, current: Option<OperationId>, swap: &Swap) -> Result<Option<Pushed>> {
    let command = command_of(swap);
    let mut next = current;
    while let Some(id) = next {
        let operation = store.get::<Operation>(id)?;
        if operation.number <= swap.since {
            break;
        }
        if operation.command == command {
            return Ok(Some(Pushed {
                mark: operation.number,
            }));
        }
        next = operation.parents.first().copied();
    }
    Ok(None)
}

impl RefStore for Store {
    fn standing(&self) -> Result<Standing> {
        loop {
            let (before, position) = self.view()?;
            let mark = self.operation_number()?;
            if self.view()?.0 != before {
                continue;
            }
            let mut refs = position.refs(self)?;
            refs.retain(|name, _| is_shared(name));
            let head = match position.head() {
                Head::Timeline(name) => name.clone(),
                Head::Detached(_) => crate::object::FIRST_TIMELINE.to_owned(),
            };
            return Ok(Standing { head, refs, mark });
        }
    }

    fn swap(&self, swap: &Swap) -> Result<Swapped> {
        loop {
            let (current, position) = self.view()?;
            if let Some(pushed) = done_before(self, current, swap)? {
                return Ok(Swapped::Done(pushed));
            }
            let mut position = Arc::unwrap_or_clone(position);
            let elsewhere =
                not_where_expected(&swap.moves, &mut |name| Ok(position.get(self, name)?))?;
            if !elsewhere.is_empty() {
                return Ok(Swapped::Moved(elsewhere));
            }
            if swap.moves.values().any(|to| to.from.is_none()) {
                check_new_names(&position.refs(self)?, &swap.moves)?;
            }
            for (name, to) in &swap.moves {
                position.set(name, to.to);
            }
            let before = current.map(|id| self.get::<Operation>(id)).transpose()?;
            let number = before.as_ref().map_or(0, |operation| operation.number) + 1;
            let batch = self.batch();
            let view: ViewId = position.put(&batch)?;
            let operation = Operation {
                project: self.project(),
                number,
                parents: current.into_iter().collect(),
                view,
                command: command_of(swap),
                user: swap.by.clone(),
                host: String::new(),
                time: swap.time,
                undoes: None,
                files: None,
                expiry: before.and_then(|operation| operation.expiry),
            };
            batch.publish(current, &operation)?;
            match batch.commit() {
                Ok(_) => return Ok(Swapped::Done(Pushed { mark: number })),
                // Somebody else was first, perhaps with other refs.
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}
