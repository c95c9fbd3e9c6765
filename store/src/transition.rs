//! Which news about a file may change its state.
//!
//! Jobs run at least once, so news may come late and twice. What is known about the stored bytes of a file stays
//! true, whatever a second attempt at fetching them met.

use crate::FileState;

/// What is known about a file when news of its end comes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    /// Its verified bytes were stored.
    pub(crate) stored: bool,
    /// It is `analysed`, and by this very analyzer and C-API data.
    pub(crate) analysed_now: bool,
}

/// Whether a file may end in `end`; `None`: no file's way ends there.
pub(crate) fn may_end(known: Known, end: FileState) -> Option<bool> {
    match end {
        FileState::Queued | FileState::Fetched | FileState::Analysed => None,
        // A fact about the index.
        FileState::Withdrawn => Some(true),
        // About the fetch: moot once the bytes are there.
        FileState::HashMismatch | FileState::BlockedUrl | FileState::MissingUpstream | FileState::Deferred => {
            Some(!known.stored)
        }
        // About the bytes: moot once they were read.
        FileState::Unreadable | FileState::TooLarge | FileState::AnalyzerFailed => Some(!known.analysed_now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: Known = Known { stored: false, analysed_now: false };
    const STORED: Known = Known { stored: true, analysed_now: false };
    const ANALYSED: Known = Known { stored: true, analysed_now: true };

    #[test]
    fn a_new_file_may_end_in_every_end() {
        let ends = FileState::ALL.iter().filter(|state| may_end(NEW, **state) == Some(true));
        assert_eq!(ends.count(), 8);
    }

    #[test]
    fn a_late_failed_fetch_does_not_touch_a_stored_file() {
        assert_eq!(may_end(STORED, FileState::Deferred), Some(false));
        assert_eq!(may_end(STORED, FileState::HashMismatch), Some(false));
        assert_eq!(may_end(STORED, FileState::Unreadable), Some(true));
    }

    #[test]
    fn only_the_index_takes_an_analysed_file_back() {
        for state in FileState::ALL {
            let expected = match state {
                FileState::Queued | FileState::Fetched | FileState::Analysed => None,
                _ => Some(*state == FileState::Withdrawn),
            };
            assert_eq!(may_end(ANALYSED, *state), expected, "{state}");
        }
    }
}
