//! The listing of all projects, at `/simple/`.

use bytes::Bytes;
use serde_json::json;

use crate::generated::Generated;
use crate::world::{Instead, World};

impl World {
    /// Every project with its serial, but those that an index leaves out: quarantined ones, and names that moved.
    pub(crate) fn listing(&self) -> Bytes {
        if let Some(listing) = &self.listing {
            return listing.clone();
        }
        let own = self.projects.values().filter(|project| {
            let quarantined = project.overrides.get("project-status").is_some_and(|it| it["status"] == "quarantined");
            !quarantined && !matches!(project.instead, Instead::MovedTo(_))
        });
        let own = own.map(|project| (project.display_name.clone(), project.serial));
        let generated = self.generated.iter().flat_map(Generated::listed);
        let listed: Vec<(String, i64)> = own.chain(generated).collect();
        let last = listed.iter().map(|(_, serial)| *serial).max().unwrap_or(0);
        let mut text = format!("{{\"meta\": {{\"_last-serial\": {last}, \"api-version\": \"1.4\"}}, \"projects\": [");
        for (at, (name, serial)) in listed.iter().enumerate() {
            let comma = if at == 0 { "" } else { ",\n" };
            text.push_str(comma);
            text.push_str(&json!({ "_last-serial": serial, "name": name }).to_string());
        }
        text.push_str("]}");
        text.into()
    }
}
