//! Who is asked before refs of a shared project move.

use super::By;
use crate::Result;
use crate::wire::Push;

/// Somebody who may refuse a push that is whole and in order. Asked once, after everything of it is
/// there and before the one step that moves refs; where refs moved meanwhile, in vain.
pub trait Gate: Send + Sync {
    /// Lets it in.
    ///
    /// # Errors
    /// `Refused`, with what is told to who pushes. Nothing moves.
    fn admit(&self, push: &Push, by: &By) -> Result<()>;
}

/// Lets everything in.
#[derive(Debug, Clone, Copy)]
pub struct NoGate;

impl Gate for NoGate {
    fn admit(&self, _push: &Push, _by: &By) -> Result<()> {
        Ok(())
    }
}
