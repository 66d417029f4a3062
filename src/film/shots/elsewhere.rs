//! Places within a scene that are not the scene's.

use super::model::Elsewhere;

/// Such a place.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    /// Its slug.
    pub(super) location: String,
    /// What a shot list tells of it.
    pub(super) shown: Elsewhere,
}
