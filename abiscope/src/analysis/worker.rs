//! One child, seen from outside.

use std::process::ExitStatus;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::nursery::Nursery;
use super::outcome;
use super::wire::{Message, Reply, Request};

/// A child that takes longer to get ready is none.
const START: Duration = Duration::from_mins(1);
/// For what has ended to be gone.
const END: Duration = Duration::from_secs(10);
/// Bytes of a child's complaints that are kept; the rest is read and forgotten.
const COMPLAINTS: usize = 4 << 10;

/// A child that waits for work. Dropping it kills it.
pub(super) struct Worker {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
    complaints: JoinHandle<Vec<u8>>,
    /// Files it was given.
    pub(super) given: u64,
}

impl Worker {
    /// A new child that is ready. An error is about this machine, never about a file.
    pub(super) async fn start(nursery: &Nursery) -> anyhow::Result<Self> {
        let mut child = nursery.child().await?;
        let pipes = child.stdin.take().zip(child.stdout.take()).zip(child.stderr.take());
        let ((input, output), errors) = pipes.context("a child has no pipes")?;
        let complaints = tokio::spawn(heard(errors));
        let mut worker = Self { child, input, output, complaints, given: 0 };
        let ready = timeout(START, Message::<Reply>::receive(&mut worker.output)).await;
        if let Ok(Ok(Message { head: Reply::Ready, .. })) = ready {
            return Ok(worker);
        }
        let (status, said) = worker.end().await;
        bail!("a child to analyse in did not get ready: {}", outcome::death(status, &said));
    }

    /// Whether it still waits for work, as far as is known.
    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The reply to one request. After an error the child is of no more use.
    pub(super) async fn ask(&mut self, request: &Message<Request>) -> std::io::Result<Message<Reply>> {
        self.given += 1;
        request.send(&mut self.input).await?;
        Message::receive(&mut self.output).await
    }

    /// Waits a moment for the end of a child whose pipes broke, then kills it. Nothing of it is left: not even a zombie.
    pub(super) async fn end(mut self) -> (Option<ExitStatus>, Vec<u8>) {
        drop((self.input, self.output));
        let ended = timeout(END, self.child.wait()).await;
        if ended.is_err() {
            let _ = self.child.kill().await;
        }
        let status = ended.ok().and_then(Result::ok);
        let said = timeout(END, self.complaints).await;
        (status, said.ok().and_then(Result::ok).unwrap_or_default())
    }

    /// Kills it at once, and waits until it is gone.
    pub(super) async fn kill(mut self) {
        let _ = self.child.kill().await;
    }
}

/// What a child writes to its standard error, its start; read to the end, so that it never waits for us.
async fn heard(mut errors: ChildStderr) -> Vec<u8> {
    let (mut kept, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(length @ 1..) = errors.read(&mut buffer).await {
        let room = COMPLAINTS - kept.len();
        kept.extend_from_slice(&buffer[..length.min(room)]);
    }
    kept
}
