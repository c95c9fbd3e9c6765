//! Computing inside async code.

use tokio::runtime::{Handle, RuntimeFlavor};

/// Runs what keeps a processor busy for long, telling the runtime so that it moves its other tasks away.
pub(crate) fn compute<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}
