//! Numbers of scenes and ids of shots: how they are written, ordered, shown, typed, and how they name
//! files. What they stay over time is of `numbers`.

mod order;
mod scene;
mod shot;
mod stem;
mod typed;

pub(crate) use order::{Number, Place};
pub use scene::{NotASceneNumber, SceneNumber, scene_name};
pub use shot::{NotAShotId, ShotId, is_shot_number, scene_of_item, scene_of_shot, shot_name};
pub use typed::{parts_of_shot, scenes_named, shots_named};
