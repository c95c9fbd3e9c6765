//! The form: one field for each kind of rule, holding what was asked.

use capi::Version;
use whatif::{FIELDS, SOURCE};

/// The form as it is shown.
pub(super) struct Form {
    pub(super) title: String,
    pub(super) pythons: Vec<Python>,
    pub(super) fields: Vec<Field>,
}

pub(super) struct Python {
    pub(super) version: String,
    pub(super) chosen: bool,
}

/// One field of names or patterns.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    pub(super) example: &'static str,
    pub(super) value: String,
    /// Whether its values are lines.
    pub(super) has_lines: bool,
}

/// The versions to choose among: those with headers in the data, and the next.
const OLDEST: u8 = 6;

impl Form {
    pub(super) fn of(entered_fields: &[(String, String)]) -> Self {
        let python = entered(entered_fields, "python");
        let newest = Version::NEWEST.to_string();
        let chosen = if python.is_empty() { newest.as_str() } else { python };
        let versions = (OLDEST..=Version::NEWEST.minor() + 1).rev().map(|minor| Version::new(3, minor).to_string());
        Self {
            title: entered(entered_fields, "title").to_owned(),
            pythons: versions.map(|version| Python { chosen: version == chosen, version }).collect(),
            fields: FIELDS
                .iter()
                .map(|field| Field {
                    name: field.name,
                    what: field.what,
                    example: field.example,
                    value: all_entered(entered_fields, field.name),
                    has_lines: field.name == SOURCE,
                })
                .collect(),
        }
    }

    /// Whether no field of names holds anything.
    pub(super) fn is_untouched(&self) -> bool {
        self.fields.iter().all(|field| field.value.is_empty())
    }
}

/// All that was entered in the fields of one name. Browsers end lines in two characters.
fn all_entered(fields: &[(String, String)], name: &str) -> String {
    let values = fields.iter().filter(|(known, value)| known == name && !value.trim().is_empty());
    let values: Vec<&str> = values.map(|(_, value)| value.trim()).collect();
    values.join(if name == SOURCE { "\n" } else { "," }).replace('\r', "")
}

/// What was entered in a field; empty if nothing was.
pub(super) fn entered<'f>(fields: &'f [(String, String)], name: &str) -> &'f str {
    fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
}
