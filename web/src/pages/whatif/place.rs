//! Under which addresses an answer stands: that of the question, or that of a saved answer.

use store::ProposalId;
use whatif::{Answer, Status};

use crate::address;

/// Where an answer stands.
#[derive(Debug, Clone)]
pub(super) enum Place {
    /// The question is in the address, and asked again each time.
    Question,
    /// It was given once.
    Saved(ProposalId),
}

impl Place {
    /// The answer in one form: `/whatif.rst?opaque=PyTypeObject`, `/whatif/ID/answer.rst`.
    pub(super) fn form(&self, ending: &str, answer: &Answer) -> String {
        match self {
            Self::Question => with_fields(&format!("/whatif.{ending}"), answer, &[]),
            Self::Saved(id) => format!("/whatif/{id}/answer.{ending}"),
        }
    }

    /// A page of the answer, of one status or of all.
    pub(super) fn page(&self, answer: &Answer, status: Option<Status>, page: u32) -> String {
        let more = [("status", status.map_or("", Status::as_str)), ("page", &address::page_value(page))];
        match self {
            Self::Question => with_fields("/whatif", answer, &more),
            Self::Saved(id) => address::with_query(&format!("/whatif/{id}"), &more),
        }
    }
}

/// The same question of the survey as it stands.
pub(super) fn question(answer: &Answer) -> String {
    with_fields("/whatif", answer, &[])
}

fn with_fields(path: &str, answer: &Answer, more: &[(&str, &str)]) -> String {
    let mut pairs = vec![("title", answer.title.as_str())];
    pairs.extend(answer.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    pairs.extend(more);
    address::with_query(path, &pairs)
}
