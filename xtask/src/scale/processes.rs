//! Processes as `/proc` of Linux tells them.

use std::path::Path;
use std::time::Duration;

/// A clock tick of `/proc/PID/stat`: a hundredth of a second on every Linux, whatever its kernel counts in.
const TICK: Duration = Duration::from_millis(10);

/// A process that lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Process {
    pub(crate) id: u32,
    parent: u32,
    /// CPU time of its own, user and system.
    cpu: Duration,
    /// CPU time of its children that have ended.
    cpu_of_ended: Duration,
}

impl Process {
    /// Every process of this machine that can be seen.
    pub(crate) fn all() -> Vec<Self> {
        let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        ids.filter_map(Self::read).collect()
    }

    fn read(id: u32) -> Option<Self> {
        Self::parse(id, &std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?)
    }

    /// The name of the program comes second, in parentheses, and may hold anything.
    fn parse(id: u32, stat: &str) -> Option<Self> {
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_ascii_whitespace().collect();
        // proc(5) counts from 1 and the number and the name are cut off here.
        let field = |number: usize| fields.get(number - 3).and_then(|text| text.parse::<u32>().ok());
        let cpu = |user, system| Some(TICK * field(user)?.checked_add(field(system)?)?);
        Some(Self { id, parent: field(4)?, cpu: cpu(14, 15)?, cpu_of_ended: cpu(16, 17)? })
    }

    /// Those that it started itself.
    pub(crate) fn children(id: u32, all: &[Self]) -> impl Iterator<Item = &Self> {
        all.iter().filter(move |process| process.parent == id)
    }
}

/// CPU time of a process and its children, those that have ended included.
pub(crate) fn cpu_of_family(id: u32) -> Duration {
    let all = Process::all();
    let head = all.iter().find(|process| process.id == id).map(|head| head.cpu + head.cpu_of_ended);
    Process::children(id, &all).fold(head.unwrap_or_default(), |sum, child| sum + child.cpu)
}

/// A line of `/proc/PID/status` in bytes, such as `VmHWM`; 0 if the process is gone.
pub(crate) fn bytes(id: u32, line: &str) -> u64 {
    let status = std::fs::read_to_string(Path::new("/proc").join(id.to_string()).join("status")).unwrap_or_default();
    let value = status.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(':'));
    let kilobytes = value.and_then(|value| value.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_proc_is_read_whatever_the_program_is_called() {
        let stat = "7 (a) b) S 3 7 7 0 -1 4194304 100 0 0 0 12 5 30 1 20 0 1 0 100 1000 10";
        let read = Process::parse(7, stat).unwrap();
        assert_eq!((read.parent, read.cpu, read.cpu_of_ended), (3, TICK * 17, TICK * 31));
        assert_eq!(Process::parse(7, "7 (a"), None);
    }

    #[test]
    fn this_process_is_seen_and_has_memory() {
        let own = std::process::id();
        assert!(Process::all().iter().any(|process| process.id == own));
        assert!(bytes(own, "VmHWM") > 0 && bytes(own, "VmRSS") > 0);
        assert_eq!(bytes(own, "VmNothing"), 0);
    }
}
