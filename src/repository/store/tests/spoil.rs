//! Wrong entries, as no code but a test's would write them.

use crate::object::FileId;
use crate::store::Store;
use crate::store::assemble::Records;
use crate::store::batch::Batch;
use crate::store::index::{Index, IndexWriter};
use crate::store::layout::Layout;
use crate::store::record::{Record, RecordKind};

/// What may be done to an index.
pub(super) struct Spoil<'s, 'i> {
    index: &'i Index,
    writer: &'s mut IndexWriter<'i>,
}

impl Spoil<'_, '_> {
    pub(super) fn forget_file(&mut self, id: FileId) {
        self.writer
            .spoil_record(RecordKind::Blob, id.as_bytes(), None);
    }

    pub(super) fn move_file(&mut self, id: FileId, offset: u64) {
        let at = self.index.location(RecordKind::Blob, id.as_bytes());
        let mut at = at.unwrap().unwrap();
        at.offset = offset;
        self.writer
            .spoil_record(RecordKind::Blob, id.as_bytes(), Some(at));
    }
}

impl Store {
    pub(super) fn spoil_index(&self, change: &mut dyn FnMut(&mut Spoil<'_, '_>)) {
        let index = self.index();
        let mut writer = index.writer().unwrap();
        change(&mut Spoil {
            index: &index,
            writer: &mut writer,
        });
        writer.commit().unwrap();
    }

    /// Stores the layout of `like` as that of `id`.
    pub(super) fn put_wrong_layout(&self, id: FileId, like: FileId) {
        let layout: Layout = self.layout(RecordKind::Layout, like.as_bytes()).unwrap();
        let batch: Batch<'_> = self.batch();
        let record = Record::new(RecordKind::Layout, *id.as_bytes(), &layout.encode(), false);
        batch.push(&record, None).unwrap();
        batch.commit().unwrap();
    }
}
