//! What a child allows itself.

use anyhow::Context;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::{SigSet, Signal};

/// What is counted: private memory on Linux, where every thread reserves addresses that it never uses; else addresses.
const MEMORY: Resource = if cfg!(target_os = "linux") { Resource::RLIMIT_DATA } else { Resource::RLIMIT_AS };

/// Limits this process to `bytes` of memory, without core dumps; makes it deaf to what stops its parent, which tells it
/// by closing its input; and has it die with the parent.
pub(super) fn set(bytes: u64) -> anyhow::Result<()> {
    // An operator's own limit may be lower, and cannot be raised.
    let (_, most) = getrlimit(MEMORY).context("asking for the limit of memory")?;
    let bytes = bytes.min(most);
    setrlimit(MEMORY, bytes, bytes).context("limiting the memory of a child")?;
    setrlimit(Resource::RLIMIT_CORE, 0, 0).context("switching core dumps off")?;
    let stops = SigSet::from_iter([Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP]);
    stops.thread_block().context("blocking signals")?;
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_pdeathsig(Signal::SIGKILL).context("asking to die with the parent")?;
    Ok(())
}
