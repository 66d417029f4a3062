//! What a remembered item says that few ask for, read when somebody does.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::book::{Book, World, section};
use super::view::{ItemView, action_kind};
use crate::object::Action;
use crate::pipeline::item::{Change, Item};
use crate::pipeline::reader::Record;

/// A value that is at hand, or that is read from a [`Book`] when it is first asked for: of some
/// thousand remembered items a command asks one or two what they were made from.
#[derive(Debug, Clone, Default)]
pub struct Later<T> {
    /// Boxed: most items of a plan are asked for none.
    value: OnceLock<Box<T>>,
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
            value: Box::new(value).into(),
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

impl Later<Record> {
    /// Where it stands, if it was not read yet.
    fn unread(&self) -> Option<&Place> {
        match self.value.get() {
            Some(_) => None,
            None => self.place.as_ref(),
        }
    }
}

impl Item {
    /// Whether it reads a file, or a part of it; of one that was not looked at anew, whether it did when
    /// it was made.
    #[must_use]
    pub fn reads_file(&self, path: &str) -> bool {
        if let Some(place) = self.record.unread() {
            return place.book.reads_file(place.item, path);
        }
        let mut reads = self.record.reads.keys();
        let mut pending = self.record.pending.iter();
        if self.record.reads.is_empty() && self.record.pending.is_empty() {
            let reads = self.action.iter().flat_map(|action| action.reads.keys());
            return reads.into_iter().any(|read| names_file(read, path));
        }
        reads.any(|read| read.path() == Some(path)) || pending.any(|read| names_file(read, path))
    }
}

impl Book {
    /// The numbers of the stage's and the item's name, without reading the rest.
    pub(super) fn names_of(&self, item: usize) -> (u32, u32) {
        ItemView::names(self.entry(section::ITEMS, item))
    }

    /// Whether an item reads a file, or a part of it; where it was not looked at anew, whether it did when
    /// it was made.
    fn reads_file(&self, item: usize, path: &str) -> bool {
        let view = self.view(item);
        let names = |read: u32| names_file(self.read_at(read).0, path);
        if view.reads.len() + view.pending.len() > 0 {
            let mut pending = view.pending.iter();
            return view.reads.iter().any(names)
                || pending.any(|read| names_file(self.text(read), path));
        }
        view.kind == action_kind::OF_BASIS && view.basis.iter().any(names)
    }
}

/// Whether a selector, as text, names a file or a part of it.
fn names_file(selector: &str, path: &str) -> bool {
    let rest = selector.strip_prefix(path);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
        && !selector.starts_with("config:")
}

impl<T: Recalled + Default> Deref for Later<T> {
    type Target = T;

    fn deref(&self) -> &T {
        let read = || Box::new(self.place.as_ref().map(T::read).unwrap_or_default());
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
