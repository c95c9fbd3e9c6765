//! Source that is not shown, in words. Whose it is, the store decides.

use packaging::ProjectName;
use store::SourceHidden;

use crate::visible::cut;

/// Why the source of a project is not shown, and that the facts stay.
pub(crate) fn in_words(name: &ProjectName, hidden: &SourceHidden) -> String {
    match hidden {
        SourceHidden::Quarantined => {
            format!("PyPI has put {name} under quarantine: what was found stays, its source is not shown.")
        }
        SourceHidden::Withdrawn => format!("{name} is gone from PyPI: what was found stays, its source is not shown."),
        SourceHidden::Operator { reason } => format!(
            "The operator of this survey does not show the source of {name}; what was found stays. The reason given: {}",
            cut(reason, 500)
        ),
    }
}
