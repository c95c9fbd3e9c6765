//! What can go wrong in one try of a request, and what is done about it.

use std::error::Error;
use std::time::Duration;

use packaging::ProjectName;

use crate::address::NotPublic;
use crate::budget::NoSlot;
use crate::trust::Refused;

/// Why one try failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It may pass: try again, after the usual growing pause.
    Passing(String),
    /// The index asked for this pause, and the budget keeps it: try again. It does not count as a try.
    Paused { what: String, pause: Duration },
    /// The index asked for a pause that is too long to wait for.
    Held { what: String, left: Duration },
    /// Trying again now would not help; later it may.
    NotNow(String),
    /// The address is not one we follow.
    Blocked(String),
    /// A redirect leads where we do not follow, or in a circle: tried again, as a files host may be set up wrongly for
    /// a moment, but not often.
    Misled(String),
    /// The index says that the page of this project stands for it.
    MovedTo(ProjectName),
    /// 404 or 410.
    NotThere,
    /// Over a limit of ours.
    TooLarge(String),
    /// The whole body came, but it is not what the index promised: what came instead.
    WrongBody(String),
}

impl Trouble {
    /// Of a request or body that broke. A name without a public address will have none on the next try either.
    pub(crate) fn of_transport(error: &reqwest::Error) -> Self {
        if let Some(not_public) = causes(error).find_map(|cause| cause.downcast_ref::<NotPublic>()) {
            return Self::Blocked(not_public.to_string());
        }
        // reqwest's own text repeats the address, which may carry a password; the causes below it do not.
        let what = if error.is_timeout() { "timed out" } else { "the connection failed" };
        let deepest = causes(error).last().map(ToString::to_string).filter(|_| error.source().is_some());
        Self::Passing(deepest.map_or_else(|| what.to_owned(), |cause| format!("{what}: {}", printable(&cause))))
    }
}

impl From<Refused> for Trouble {
    fn from(Refused(why): Refused) -> Self {
        Self::Blocked(why)
    }
}

impl From<NoSlot> for Trouble {
    fn from(no_slot: NoSlot) -> Self {
        match no_slot {
            NoSlot::Blocked(left) => {
                let what = format!("the index asked for a pause of another {}", seconds(left));
                Self::Held { what, left }
            }
            NoSlot::OutOfReach(why) => Self::Passing(format!("the budget of requests is out of reach: {why}")),
        }
    }
}

/// An error and what caused it, the deepest last.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(Some(error as &(dyn Error + 'static)), |&cause| cause.source())
}

/// `90 s`
pub(crate) fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs())
}

/// Text from elsewhere, for reasons that people read: at most 200 bytes, control characters escaped.
pub(crate) fn printable(text: &str) -> String {
    excerpt(text.as_bytes())
}

/// The first 200 bytes of a body, escaped.
pub(crate) fn excerpt(body: &[u8]) -> String {
    body[..body.len().min(200)].escape_ascii().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_short_and_printable() {
        assert_eq!(excerpt(b"<b>\x1b[31m\n\0"), "<b>\\x1b[31m\\n\\x00");
        assert_eq!(excerpt(&[b'a'; 1000]).len(), 200);
        assert_eq!(excerpt(b""), "");
    }
}
