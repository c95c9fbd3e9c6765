//! Ctrl-C and SIGTERM: the first one asks for a clean stop.

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Becomes true with the first signal and stays so. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Interrupt {
    token: CancellationToken,
}

impl Interrupt {
    /// Listens from now on. A second signal ends the process at once, should the clean stop hang.
    pub fn listen() -> anyhow::Result<Self> {
        let mut interrupt = signal(SignalKind::interrupt()).context("listening for Ctrl-C")?;
        let mut terminate = signal(SignalKind::terminate()).context("listening for SIGTERM")?;
        let token = CancellationToken::new();
        let heard = token.clone();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                if heard.is_cancelled() {
                    std::process::exit(130);
                }
                heard.cancel();
            }
        });
        Ok(Self { token })
    }

    /// Waits for the signal.
    pub async fn heard(&self) {
        self.token.cancelled().await;
    }
}
