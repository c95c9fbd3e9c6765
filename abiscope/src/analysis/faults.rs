//! Faults for tests: a child that fails by the name of its file. Not in release builds.

use std::time::Duration;

/// Set by tests, to the seconds that a file may take; then the names of files make faults.
pub(super) const VARIABLE: &str = "ABISCOPE_ANALYSIS_FAULTS";

/// The deadline that a test asks for.
pub(super) fn deadline() -> Option<Duration> {
    if !cfg!(debug_assertions) {
        return None;
    }
    std::env::var(VARIABLE).ok()?.parse().ok().map(Duration::from_secs)
}

/// Does what the name of the file asks for, if tests are on.
#[cfg(not(debug_assertions))]
pub(super) fn strike(_filename: &str) {}

/// Does what the name of the file asks for, if tests are on.
#[cfg(debug_assertions)]
pub(super) fn strike(filename: &str) {
    use std::io::Write;
    if std::env::var_os(VARIABLE).is_none() {
        return;
    }
    match filename.split('-').next().unwrap_or_default() {
        "panics" => panic!("a fault for tests"),
        "aborts" => std::process::abort(),
        "quits" => std::process::exit(0),
        "hangs" => loop {
            std::thread::sleep(Duration::from_hours(1));
        },
        "hogs" => {
            let mut held: Vec<Vec<u8>> = Vec::new();
            loop {
                held.push(vec![1; 16 << 20]);
            }
        }
        "overflows" => overflow(0),
        "babbles" => {
            let _ = std::io::stdout().write_all(&[b'?'; 4096]);
            let _ = std::io::stdout().flush();
        }
        "shouts" => {
            let _ = std::io::stderr().write_all(&vec![b'!'; 4 << 20]);
        }
        _ => {}
    }
}

#[cfg(debug_assertions)]
#[expect(unconditional_recursion, reason = "the fault")]
fn overflow(depth: u64) {
    let frame = std::hint::black_box([depth; 1024]);
    overflow(frame[7] + 1);
}
