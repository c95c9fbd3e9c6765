//! How the process ends.

use std::io;
use std::process::ExitCode;

/// The exit statuses of docs/CONTRACT.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: everything asked was done.
    Done,
    /// 1: an input failed; the others were still worked on.
    InputFailed,
    /// 2: wrong usage. (clap exits with the same for what it refuses.)
    Usage,
    /// 3: a verdict is one of `--fail-on`.
    VerdictFailed,
    /// 130: a signal ended it, cleanly.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::InputFailed => 1,
            Exit::Usage => 2,
            Exit::VerdictFailed => 3,
            Exit::Interrupted => 130,
        })
    }
}

/// Prints what went wrong as one line on stderr. A closed pipe is nobody's error and says nothing.
pub fn report(error: &anyhow::Error) -> Exit {
    if is_closed_pipe(error) {
        return Exit::Done;
    }
    complain(&format!("{error:#}"));
    Exit::InputFailed
}

/// One line of complaint on stderr, `error:` in red on a terminal. Control characters are shown escaped. An event where
/// logs are structured.
pub fn complain(message: &str) {
    #[cfg(feature = "service")]
    if crate::logs::is_structured() {
        tracing::error!("{message}");
        return;
    }
    let style = anstyle::AnsiColor::Red.on_default().bold();
    let line: String = message.chars().flat_map(visible).collect();
    anstream::eprintln!("{style}error:{style:#} {line}");
}

/// One line on stderr that is no error: what was done otherwise than one would expect.
pub fn remark(message: &str) {
    let style = anstyle::AnsiColor::Yellow.on_default().bold();
    let line: String = message.chars().flat_map(visible).collect();
    anstream::eprintln!("{style}note:{style:#} {line}");
}

fn visible(c: char) -> impl Iterator<Item = char> {
    let (escaped, plain) = if c.is_control() { (Some(c.escape_default()), None) } else { (None, Some(c)) };
    escaped.into_iter().flatten().chain(plain)
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
    kind == Some(io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_is_no_failure() {
        let closed = anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(report(&closed), Exit::Done);
        assert_eq!(report(&anyhow::anyhow!("disk full")), Exit::InputFailed);
    }

    #[test]
    fn control_characters_of_a_message_are_escaped() {
        let shown: String = "a\u{1b}[31m\nb".chars().flat_map(visible).collect();
        assert_eq!(shown, "a\\u{1b}[31m\\nb");
    }
}
