//! What a remembered item says that few ask for, read when somebody does.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::book::{Book, World};
use crate::object::Action;
use crate::pipeline::item::Change;
use crate::pipeline::reader::Record;

/// A value that is at hand, or that is read from a [`Book`] when it is first asked for: of some
/// thousand remembered items a command asks one or two what they were made from.
#[derive(Debug, Clone, Default)]
pub struct Later<T> {
    value: OnceLock<T>,
    place: Option<Place>,
}

/// Where an item stands in a book.
#[derive(Debug, Clone)]
pub struct Place {
    pub(super) book: Arc<Book>,
    pub(super) item: usize,
    pub(super) world: Arc<World>,
}

/// What a book has of an item.
pub trait Recalled: Sized {
    /// Reads it.
    fn read(place: &Place) -> Self;
}

impl<T> From<T> for Later<T> {
    fn from(value: T) -> Self {
        Self {
            value: value.into(),
            place: None,
        }
    }
}

impl<T> Later<T> {
    pub(super) fn at(place: Place) -> Self {
        Self {
            value: OnceLock::new(),
            place: Some(place),
        }
    }
}

impl<T: Recalled + Default> Deref for Later<T> {
    type Target = T;

    fn deref(&self) -> &T {
        let read = || self.place.as_ref().map(T::read).unwrap_or_default();
        self.value.get_or_init(read)
    }
}

impl Recalled for Record {
    fn read(place: &Place) -> Self {
        place.book.record(place.item, &place.world)
    }
}

impl Recalled for Option<Action> {
    fn read(place: &Place) -> Self {
        place.book.action(place.item)
    }
}

impl Recalled for Vec<Change> {
    fn read(place: &Place) -> Self {
        place.book.changes(place.item)
    }
}
