//! What every page has around its content.

use crate::assets::{FAVICON, KEYS, STYLE};
use crate::fresh::Here;

/// The frame of one page.
pub(crate) struct Frame {
    /// The title, without the site's name.
    pub(crate) title: String,
    /// Which entry of the navigation it belongs to: `projects`, `items`, `structures`, `trends`, `whatif`, `status`, `about`.
    pub(crate) section: &'static str,
    /// What stands in the search field.
    pub(crate) search: String,
    /// The address of this page, as asked.
    pub(crate) address: String,
    /// The same as JSON.
    pub(crate) json: Option<String>,
    /// The same as CSV.
    pub(crate) csv: Option<String>,
    /// Seconds after which the page looks again by itself, with scripts and without.
    pub(crate) reload: Option<u32>,
    /// The data version the page was made from; pages about nothing of the survey have none.
    pub(crate) data_version: Option<i64>,
}

impl Frame {
    /// A page made from data.
    pub(crate) fn new(title: impl Into<String>, section: &'static str, here: &Here) -> Self {
        Self { address: here.address.clone(), data_version: Some(here.data_version), ..Self::plain(title, section) }
    }

    /// A page that needs no data.
    pub(crate) fn plain(title: impl Into<String>, section: &'static str) -> Self {
        Self {
            title: title.into(),
            section,
            search: String::new(),
            address: String::new(),
            json: None,
            csv: None,
            reload: None,
            data_version: None,
        }
    }

    #[must_use]
    pub(crate) fn with_json(mut self, address: impl Into<String>) -> Self {
        self.json = Some(address.into());
        self
    }

    #[must_use]
    pub(crate) fn with_csv(mut self, address: impl Into<String>) -> Self {
        self.csv = Some(address.into());
        self
    }

    pub(crate) fn style(&self) -> &'static str {
        let _ = self;
        STYLE.path()
    }

    pub(crate) fn keys(&self) -> &'static str {
        let _ = self;
        KEYS.path()
    }

    pub(crate) fn icon(&self) -> &'static str {
        let _ = self;
        FAVICON.path()
    }

    pub(crate) fn versions(&self) -> String {
        format!(
            "analyzer {}, C-API data {}{}",
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            self.data_version.map(|version| format!(", data {version}")).unwrap_or_default()
        )
    }
}
