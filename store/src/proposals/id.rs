//! The address of a saved proposal.

use std::fmt;
use std::str::FromStr;

use whatif::Proposal;

use crate::Sha256;

/// Twenty hexadecimal digits: the start of a SHA-256 over what was asked and of what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProposalId(String);

const DIGITS: usize = 20;

impl ProposalId {
    /// Of a proposal that is asked of what stands, with this analyzer and its C-API data. The title is no part of it.
    pub fn of(proposal: &Proposal, snapshot: Sha256) -> Self {
        let ground = format!(
            "abiscope proposal\n{}\nsnapshot={snapshot}\nanalyzer={}\ncapi={}\n",
            proposal.canonical(),
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
        );
        Self(Sha256::of(ground.as_bytes()).to_string()[..DIGITS].to_owned())
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProposalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not twenty hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the ID of a saved proposal: twenty hexadecimal digits are wanted")]
pub struct NotAProposalId;

impl FromStr for ProposalId {
    type Err = NotAProposalId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let is_id = text.len() == DIGITS && text.bytes().all(is_digit);
        is_id.then(|| Self(text.to_owned())).ok_or(NotAProposalId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_follows_from_the_rules_and_the_snapshot_and_not_from_the_title_or_the_spelling() {
        let id =
            |text: &str, snapshot: &[u8]| ProposalId::of(&Proposal::from_toml(text).unwrap(), Sha256::of(snapshot));
        let one = id("remove = ['Py_TYPE', 'Py_SIZE']\ntitle = 'x'", b"a");
        assert_eq!(one, id("remove = ['Py_SIZE', 'Py_TYPE']\npython = '3.15'", b"a"));
        assert_ne!(one, id("remove = ['Py_TYPE', 'Py_SIZE']", b"b"));
        assert_ne!(one, id("remove = ['Py_TYPE', 'Py_SIZE']\npython = '3.14'", b"a"));
        assert_eq!(one.as_str().parse(), Ok(one.clone()));
    }

    #[test]
    fn other_texts_are_no_ids() {
        for text in ["", "0123456789abcdef012", "0123456789ABCDEF0123", "0123456789abcdef0123 ", "0123456789abcdef01é"]
        {
            assert_eq!(text.parse::<ProposalId>(), Err(NotAProposalId), "{text:?}");
        }
    }
}
