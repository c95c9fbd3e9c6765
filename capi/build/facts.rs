//! The lines of `data/*.jsonl` as records. Field meanings: `data/README.md`.
//!
//! A field that no table uses yet is still read, so that a misspelt one is refused.

#![allow(dead_code, reason = "fields that are checked here and used by nothing yet")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Everything the data folder says.
pub(crate) struct Facts {
    pub(crate) items: Vec<Item>,
    pub(crate) noise: Vec<Item>,
    pub(crate) structures: Vec<Structure>,
    pub(crate) members: Vec<Member>,
    pub(crate) reads: Vec<Reads>,
    pub(crate) lvalues: Vec<Lvalue>,
    pub(crate) headers: Vec<Header>,
    pub(crate) compat: Vec<Compat>,
    pub(crate) tracking: Vec<Tracking>,
    pub(crate) roles: Vec<Role>,
    pub(crate) returns: Vec<Returns>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Item {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) header: String,
    pub(crate) public: Option<String>,
    pub(crate) internal: Option<String>,
    #[serde(default)]
    pub(crate) history: Vec<String>,
    pub(crate) limited: Option<String>,
    pub(crate) broken: Option<String>,
    pub(crate) guard: Option<String>,
    #[serde(default)]
    pub(crate) older_guards: BTreeMap<String, String>,
    pub(crate) manifest: Option<String>,
    pub(crate) manifest_kind: Option<String>,
    pub(crate) struct_abi: Option<String>,
    #[serde(default)]
    pub(crate) exported_only: bool,
    pub(crate) ifdef: Option<String>,
    pub(crate) abi3t: Option<String>,
    pub(crate) added_docs: Option<String>,
    pub(crate) deprecated: Option<String>,
    pub(crate) soft_deprecated: Option<String>,
    pub(crate) will_remove: Option<String>,
    pub(crate) gone: Option<String>,
    pub(crate) instead: Option<Vec<String>>,
    pub(crate) replacement: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) replacement_is_guess: bool,
    pub(crate) note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Structure {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) tags: Vec<String>,
    pub(crate) header: String,
    pub(crate) public: Option<String>,
    pub(crate) internal: Option<String>,
    #[serde(default = "absent")]
    pub(crate) limited: String,
    pub(crate) guard: Option<String>,
    pub(crate) manifest: Option<String>,
    pub(crate) struct_abi: Option<String>,
    #[serde(default = "absent")]
    pub(crate) abi3t: String,
}

/// What limited mode makes of the structures of internal headers.
fn absent() -> String {
    "absent".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Member {
    #[serde(rename = "in")]
    pub(crate) structure: String,
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) c_type: String,
    /// The type that it had before, by versions.
    #[serde(default)]
    pub(crate) was: BTreeMap<String, String>,
    pub(crate) public: Option<String>,
    pub(crate) internal: Option<String>,
    pub(crate) gone: Option<String>,
    #[serde(default)]
    pub(crate) free_threaded_only: bool,
    pub(crate) limited: Option<String>,
    #[serde(default)]
    pub(crate) private: bool,
    #[serde(default)]
    pub(crate) promised: bool,
    #[serde(default)]
    pub(crate) get: Vec<String>,
    #[serde(default)]
    pub(crate) set: Vec<String>,
    pub(crate) attr: Option<String>,
    pub(crate) slot: Option<String>,
    pub(crate) note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reads {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) normal: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) limited: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) newest_at_level: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lvalue {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) pep674: bool,
    pub(crate) assignable: Option<String>,
    pub(crate) members: Vec<String>,
    #[serde(default)]
    pub(crate) set: Vec<String>,
    pub(crate) note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) public: String,
    pub(crate) limited: Option<String>,
    pub(crate) limited_names: Option<u16>,
    pub(crate) direct_include: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Compat {
    pub(crate) name: String,
    pub(crate) below: Option<String>,
    #[serde(default)]
    pub(crate) not_pypy: bool,
    #[serde(default, rename = "type")]
    pub(crate) is_type: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tracking {
    pub(crate) issue: String,
    pub(crate) github: Option<String>,
    pub(crate) follow_up: Option<String>,
    pub(crate) structures: Vec<String>,
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) other_blockers: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Role {
    pub(crate) name: String,
    #[serde(rename = "role")]
    pub(crate) what: String,
    pub(crate) structure: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Returns {
    pub(crate) name: String,
    #[serde(rename = "returns")]
    pub(crate) c_type: String,
}

impl Facts {
    /// Reads and orders the folder.
    pub(crate) fn load(data: &Path) -> Result<Self, String> {
        let mut items: Vec<Item> = Vec::new();
        for file in ["items", "items-private", "items-internal"] {
            items.extend(lines(data, file, |item: &Item| item.name.clone())?);
        }
        items.sort_by(|a, b| a.name.cmp(&b.name));
        let mut structures: Vec<Structure> = Vec::new();
        for file in ["structures", "structures-internal"] {
            structures.extend(lines(data, file, |structure: &Structure| structure.name.clone())?);
        }
        structures.sort_by(|a, b| a.name.cmp(&b.name));
        let mut members: Vec<Member> = Vec::new();
        for file in ["members", "members-internal"] {
            members.extend(lines(data, file, |m: &Member| format!("{}\0{}", m.structure, m.name))?);
        }
        members.sort_by(|a, b| (&a.structure, &a.name).cmp(&(&b.structure, &b.name)));
        Ok(Self {
            items,
            noise: lines(data, "items-noise", |item: &Item| item.name.clone())?,
            structures,
            members,
            reads: lines(data, "reads", |r: &Reads| r.name.clone())?,
            lvalues: lines(data, "lvalues", |l: &Lvalue| l.name.clone())?,
            headers: lines(data, "headers", |h: &Header| h.name.clone())?,
            compat: lines(data, "compat", |c: &Compat| c.name.clone())?,
            tracking: lines(data, "tracking", |t: &Tracking| t.issue.clone())?,
            roles: lines(data, "roles", |r: &Role| r.name.clone())?,
            returns: lines(data, "returns", |r: &Returns| r.name.clone())?,
        })
    }

    /// The item of this name, noise too.
    pub(crate) fn item(&self, name: &str) -> Option<&Item> {
        [&self.items, &self.noise]
            .into_iter()
            .find_map(|all| all.binary_search_by(|item| item.name.as_str().cmp(name)).ok().map(|i| &all[i]))
    }
}

/// The records of one file, which must be in the byte order of their keys, each key once.
fn lines<T: DeserializeOwned>(data: &Path, file: &str, key: impl Fn(&T) -> String) -> Result<Vec<T>, String> {
    let path = data.join(file).with_extension("jsonl");
    let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut records: Vec<T> = Vec::new();
    let mut before = String::new();
    for (index, line) in text.lines().enumerate() {
        let at = format!("{}:{}", path.display(), index + 1);
        let record: T = serde_json::from_str(line).map_err(|e| format!("{at}: {e}"))?;
        let key = key(&record);
        if key <= before {
            return Err(format!("{at}: {key:?} must come before {before:?}, and only once"));
        }
        before = key;
        records.push(record);
    }
    Ok(records)
}
