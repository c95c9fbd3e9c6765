//! `docker-compose.yml`, read as compose reads it: anchors, merges, and `${VARIABLES}`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a root").to_owned()
}

/// The file as it is, with anchors and merges done.
pub fn plain() -> Value {
    let text = std::fs::read_to_string(root().join("docker-compose.yml")).expect("docker-compose.yml");
    serde_saphyr::from_str(&text).expect("YAML")
}

/// The composition in an environment.
pub struct Compose(Value);

impl Compose {
    /// With these variables set and no others; an error says which one is missing.
    pub fn with(variables: &BTreeMap<&str, String>) -> Result<Self, String> {
        let mut whole = plain();
        fill_in(&mut whole, &|name| variables.get(name).cloned())?;
        Ok(Self(whole))
    }

    /// The services whose image is built here, in the order of what they wait for.
    pub fn roles(&self) -> Vec<&str> {
        let services = self.0["services"].as_object().expect("services");
        let mut left: Vec<&str> =
            services.iter().filter(|(_, service)| service.get("build").is_some()).map(|(name, _)| &**name).collect();
        let mut ordered = Vec::new();
        while !left.is_empty() {
            let waits = |name: &str| self.waits_for(name).iter().any(|(other, _)| left.contains(&other.as_str()));
            let (later, now): (Vec<&str>, Vec<&str>) = left.iter().partition(|name| waits(name));
            assert!(!now.is_empty(), "{later:?} wait for each other");
            ordered.extend(now);
            left = later;
        }
        ordered
    }

    /// What a service waits for, and until it is what.
    pub fn waits_for(&self, service: &str) -> Vec<(String, String)> {
        let Some(waits) = self.service(service)["depends_on"].as_object() else { return Vec::new() };
        waits.iter().map(|(name, how)| (name.clone(), text(&how["condition"]))).collect()
    }

    /// The arguments of the image's program.
    pub fn command(&self, service: &str) -> Vec<String> {
        self.service(service)["command"].as_array().expect("a list").iter().map(text).collect()
    }

    /// The whole environment.
    pub fn environment(&self, service: &str) -> BTreeMap<String, String> {
        let environment = self.service(service)["environment"].as_object().expect("a map");
        environment.iter().map(|(name, value)| (name.clone(), text(value))).collect()
    }

    /// How the health is asked for.
    pub fn health(&self, service: &str) -> Option<Vec<String>> {
        let test = self.service(service).get("healthcheck")?["test"].as_array().expect("a list");
        assert_eq!(test[0], "CMD");
        Some(test[1..].iter().map(text).collect())
    }

    /// How many of it there are.
    pub fn replicas(&self, service: &str) -> usize {
        match &self.service(service)["deploy"]["replicas"] {
            Value::Null => 1,
            number => text(number).parse().expect("a number"),
        }
    }

    fn service(&self, name: &str) -> &Value {
        &self.0["services"][name]
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn fill_in(value: &mut Value, variable: &dyn Fn(&str) -> Option<String>) -> Result<(), String> {
    match value {
        Value::String(text) => *text = filled(text, variable)?,
        Value::Array(items) => items.iter_mut().try_for_each(|item| fill_in(item, variable))?,
        Value::Object(entries) => entries.values_mut().try_for_each(|entry| fill_in(entry, variable))?,
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    Ok(())
}

/// `${NAME:-default}`, `${NAME:?complaint}`, `${NAME}` and `$$`: what the file uses of compose's rules.
fn filled(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let Some((before, after)) = text.split_once('$') else { return Ok(text.to_owned()) };
    if let Some(rest) = after.strip_prefix('$') {
        return Ok(format!("{before}${}", filled(rest, variable)?));
    }
    let (inside, rest) = after.strip_prefix('{').and_then(|inside| inside.split_once('}')).ok_or("a lone $")?;
    let (name, instead) = inside.split_once(':').unwrap_or((inside, "-"));
    let value = variable(name).filter(|value| !value.is_empty());
    let value = match (value, instead.split_at(1)) {
        (Some(value), _) => value,
        (None, ("-", default)) => default.to_owned(),
        (None, (_, complaint)) => return Err(format!("{name}: {complaint}")),
    };
    Ok(format!("{before}{value}{}", filled(rest, variable)?))
}

#[test]
fn variables_are_filled_in_as_compose_does() {
    let filled = |text| filled(text, &|name| (name == "SET").then(|| "value".to_owned()));
    assert_eq!(filled("a-${SET}-${SET:-b}-${UNSET:-c}-${UNSET}-$$").unwrap(), "a-value-value-c--$");
    assert_eq!(filled("${UNSET:?say it}").unwrap_err(), "UNSET: say it");
}

#[test]
fn who_asks_has_to_be_said_and_nothing_else() {
    let missing = Compose::with(&BTreeMap::new()).err().expect("refused");
    assert!(missing.starts_with("ABISCOPE_CONTACT: "), "{missing}");
    assert!(Compose::with(&BTreeMap::from([("ABISCOPE_CONTACT", "me@example.org".to_owned())])).is_ok());
}
