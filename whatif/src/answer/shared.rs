//! Names of items, as the survey holds them: a large answer has a million.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serializer};

type Named = (Arc<str>, i64);

pub(super) fn serialize<S: Serializer>(named: &[Named], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(named.iter().map(|(name, number)| (&**name, number)))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Named>, D::Error> {
    let named = Vec::<(String, i64)>::deserialize(deserializer)?;
    Ok(named.into_iter().map(|(name, number)| (name.into(), number)).collect())
}
