//! Versions of one screenplay: what differs between two, and two joined that grew out of a third.
//!
//! A script is taken apart into blocks (title page, scenes, the sections between them), these into
//! units (a paragraph of action, a speech, a transition), a speech into its cue and lines. Which
//! part of one version is which of another is decided from the outside in, so that a scene that was
//! moved is still joined paragraph by paragraph.
//!
//! ```text
//! text ─ take apart ─▶ blocks ─▶ units ─▶ parts ─▶ sentences
//!                        └──────────┴───────┴─ list::join: three lists into one, by identity
//! ```

mod ancestry;
mod compare;
mod draft;
mod fields;
mod lines;
mod list;
mod marks;
mod merge;
mod pairing;
mod passages;
mod shot_fields;
mod shots;

pub use ancestry::{ScriptUnit, carried_units, scene_before, script_units};
pub use compare::{
    SceneChange, SceneFate, SceneSide, ScriptChange, ScriptDiff, UnitChange, compare_scripts,
};
pub use draft::UnitKind;
pub use fields::{FieldChange, FieldFate, compare_fields};
pub use lines::{SCENE_MARK, script_lines, value_lines};
pub use marks::{Choice, MarkedPlace, marked_places, open_marks, settle};
pub use merge::{MergedScript, ScriptPlace, merge_scripts, script_adds_up, script_holds};
pub(crate) use passages::{Passage, Version, revise};
pub use shot_fields::{ShotField, carried_fields, shot_fields};
pub use shots::{ShotChange, ShotFate, ShotListDiff, ShotSide, compare_shots};
