//! Working on several inputs at once while keeping their order.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// Calls `work` for each path on every core, and `done` for each result in the order of the paths, as soon as its turn
/// has come. The first error of `done` ends it: no new work is begun.
pub fn in_order<R: Send>(
    paths: &[PathBuf],
    work: impl Fn(&Path) -> R + Sync,
    mut done: impl FnMut(R) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let next = AtomicUsize::new(0);
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..workers(paths.len()) {
            let (next, work, sender) = (&next, &work, sender.clone());
            scope.spawn(move || {
                while let Some((turn, path)) = take(next, paths) {
                    if sender.send((turn, work(path))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let outcome = deliver(&results, &mut done);
        if outcome.is_err() {
            next.store(paths.len(), Ordering::Relaxed);
        }
        outcome
    })
}

fn workers(inputs: usize) -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(inputs)
}

fn take<'a>(next: &AtomicUsize, paths: &'a [PathBuf]) -> Option<(usize, &'a Path)> {
    let turn = next.fetch_add(1, Ordering::Relaxed);
    paths.get(turn).map(|path| (turn, path.as_path()))
}

fn deliver<R>(
    results: &mpsc::Receiver<(usize, R)>,
    done: &mut impl FnMut(R) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut waiting = BTreeMap::new();
    let mut turn = 0;
    for (arrived, result) in results {
        waiting.insert(arrived, result);
        while let Some(result) = waiting.remove(&turn) {
            done(result)?;
            turn += 1;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(count: usize) -> Vec<PathBuf> {
        (0..count).map(|i| PathBuf::from(i.to_string())).collect()
    }

    #[test]
    fn results_come_in_the_order_of_the_paths_whoever_is_first() {
        let mut seen = Vec::new();
        let slow_first = |path: &Path| {
            if path == Path::new("0") {
                thread::sleep(std::time::Duration::from_millis(20));
            }
            path.to_owned()
        };
        in_order(&paths(50), slow_first, |path| {
            seen.push(path);
            Ok(())
        })
        .expect("no error");
        assert_eq!(seen, paths(50));
    }

    #[test]
    fn an_error_at_the_receiving_end_stops_the_work() {
        let worked = AtomicUsize::new(0);
        let count = |_: &Path| {
            worked.fetch_add(1, Ordering::Relaxed);
            thread::sleep(std::time::Duration::from_millis(1));
        };
        let outcome = in_order(&paths(10_000), count, |()| anyhow::bail!("pipe closed"));
        assert!(outcome.is_err());
        assert!(worked.load(Ordering::Relaxed) < 10_000);
    }
}
