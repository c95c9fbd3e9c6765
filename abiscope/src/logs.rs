//! Logs on standard error: words for people, or one JSON object a line for machines.

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};

use tracing_subscriber::EnvFilter;

use crate::cli::LogFormat;

/// What people see: warnings. What the queue tells of each job, and alarms, stand on the status page.
const QUIET: &str = "warn,graphile_worker=error,sqlx::query=error,abiscope::job=off,store::alarms=off";

/// What machines see: what the program does, too, each job and each request.
const STRUCTURED: &str = "warn,graphile_worker=error,abiscope=info,crawler=info,store=info,web=info";

static IS_STRUCTURED: AtomicBool = AtomicBool::new(false);

/// Logs from now on; `RUST_LOG` chooses what, if it is set.
pub fn start(format: LogFormat) {
    let filter = |usual: &str| EnvFilter::try_from_default_env().unwrap_or_else(|_| usual.into());
    let subscriber = tracing_subscriber::fmt().with_writer(std::io::stderr);
    match format {
        LogFormat::Text => {
            let _ = subscriber.with_env_filter(filter(QUIET)).try_init();
        }
        LogFormat::Json => {
            let subscriber = subscriber.json().flatten_event(true).with_current_span(false).with_span_list(false);
            let _ = subscriber.with_env_filter(filter(STRUCTURED)).try_init();
            IS_STRUCTURED.store(true, Ordering::Relaxed);
            std::panic::set_hook(Box::new(|panic| {
                let at = panic.location().map(ToString::to_string);
                tracing::error!(at, "panicked: {}", panic.payload_as_str().unwrap_or("without words"));
            }));
        }
    }
}

/// Whether every line on standard error is to be JSON.
pub fn is_structured() -> bool {
    IS_STRUCTURED.load(Ordering::Relaxed)
}

/// A line of words. If nobody reads any more, that is no failure.
pub fn tell(words: std::fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stderr(), "{words}");
}

/// Tells whoever watches: a line of words, or an event with fields where logs are structured.
///
/// `say!("words {}", 1)`, or with fields in front: `say!({ names, gone = 3 }, "words")`.
macro_rules! say {
    ({ $($fields:tt)* }, $($words:tt)+) => {
        if $crate::logs::is_structured() {
            tracing::info!($($fields)*, $($words)+);
        } else {
            $crate::logs::tell(format_args!($($words)+));
        }
    };
    ($($words:tt)+) => {
        if $crate::logs::is_structured() {
            tracing::info!($($words)+);
        } else {
            $crate::logs::tell(format_args!($($words)+));
        }
    };
}

pub(crate) use say;
