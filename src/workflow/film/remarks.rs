//! What people should know of what a run made: told after it is committed, so nothing here may fail.

use super::generate::Remark;
use super::session::Session;
use super::takes::{self, Take};
use crate::base::causes::with_causes;
use crate::film::prompts;
use crate::film::request::ShotRequest;
use crate::generate::{ItemReport, ItemResult, Report, Selection};
use crate::object::GenerationId;
use crate::pipeline::{Item, Makes, Snapshot};

impl Session<'_> {
    /// Scenes whose shots were made anew and that have another length for their locked shots.
    pub(super) fn remarks_of_locks(&self, report: &Report, snapshot: &Snapshot) -> Vec<Remark> {
        let Ok(Some(story)) = snapshot.story() else {
            return Vec::new();
        };
        let locks = self.locks_in(snapshot, &story);
        let fps = self.frames_per_second();
        let is_list = |step: &&ItemReport| self.pipeline.does(&step.item.stage, Makes::ShotList);
        let lists = report.done.iter().filter(is_list);
        let remark = |step: &ItemReport| {
            let remark = locks.get(step.item.scene())?.remark(fps)?;
            let path = step.item.path.clone();
            Some(Remark { path, remark })
        };
        lists.filter_map(remark).collect()
    }

    /// What of the prompts that were written may be a slip of whoever wrote them.
    pub(super) fn remarks_of_prompts(&self, report: &Report, snapshot: &Snapshot) -> Vec<Remark> {
        let mut found = Vec::new();
        let is_prompt = |step: &&ItemReport| self.pipeline.does(&step.item.stage, Makes::Prompt);
        for step in report.done.iter().filter(is_prompt) {
            let ItemResult::Placed { id, .. } = step.result else {
                continue;
            };
            let path = &step.item.path;
            let request = snapshot.bytes(path.as_str(), &id).ok();
            let request =
                request.and_then(|text| serde_json::from_slice::<ShotRequest>(&text).ok());
            let Some(request) = request else { continue };
            for (name, prompt) in [
                ("frame", request.frame.prompt),
                ("video", request.video.prompt),
            ] {
                let remark = prompts::remarks(&prompt).first().map(|problem| Remark {
                    path: path.clone(),
                    remark: format!("the {name} prompt: {problem}"),
                });
                found.extend(remark);
            }
        }
        found
    }

    /// New takes that came out as an earlier one; or that nobody knows it.
    pub(super) fn remarks_of_equals(&self, report: &Report, selection: &Selection) -> Vec<Remark> {
        let mut made_at = Vec::new();
        for step in &report.done {
            let path = &step.item.path;
            let made = match &step.result {
                ItemResult::Placed { generation, .. } => *generation,
                ItemResult::Take(generation) => Some(*generation),
                _ => None,
            };
            let made = made.filter(|_| selection.wants_take(path));
            made_at.extend(made.map(|made| (&step.item, made)));
        }
        let items = made_at.iter().map(|(item, _)| (Some(*item), &item.path));
        let takes = match takes::all(self, items) {
            Ok(takes) => takes,
            // They are made, paid and committed: that they cannot be listed takes none of it back.
            Err(error) => {
                let remark = format!(
                    "whether a new take is the same as an earlier one is not known: {}",
                    with_causes(&error)
                );
                let path = made_at.first().map(|(item, _)| item.path.clone());
                return path
                    .map(|path| Remark { path, remark })
                    .into_iter()
                    .collect();
            }
        };
        let remark = |((item, made), takes): (&(&Item, GenerationId), Vec<Take>)| {
            let new = takes.iter().find(|take| take.generation == Some(*made))?;
            let (new, same) = (new.take, new.same_as?);
            Some(Remark {
                path: item.path.clone(),
                remark: format!("the new take {new} is the same as take {same}"),
            })
        };
        made_at.iter().zip(takes).filter_map(remark).collect()
    }
}
