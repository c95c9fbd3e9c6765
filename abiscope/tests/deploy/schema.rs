//! The composition against the schema of the Compose Specification, and against what the schema cannot say.

use serde_json::{Value, json};

use crate::compose::plain;

fn complaints(compose: &Value) -> Vec<String> {
    let schema = serde_json::from_str(include_str!("compose-spec.json")).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    schema.iter_errors(compose).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn services(compose: &Value) -> impl Iterator<Item = (&String, &Value)> {
    compose["services"].as_object().expect("services").iter()
}

#[test]
fn the_composition_keeps_to_the_schema() {
    assert_eq!(complaints(&plain()), Vec::<String>::new());
}

#[test]
fn a_composition_with_a_slip_is_refused() {
    let slips = [
        ("/services/work", json!({ "image": "abiscope:local", "comand": ["work"] })),
        ("/services/serve/ports", json!("127.0.0.1:8017:8017")),
        ("/services/crawl/depends_on/migrate", json!({ "condition": "done" })),
        ("/volumes", json!(["postgres", "s3"])),
    ];
    for (at, slip) in slips {
        let mut compose = plain();
        *compose.pointer_mut(at).expect(at) = slip;
        assert!(!complaints(&compose).is_empty(), "{at}");
    }
}

#[test]
fn what_services_name_is_there() {
    let compose = plain();
    for (name, service) in services(&compose) {
        for (other, how) in service["depends_on"].as_object().into_iter().flatten() {
            let other = &compose["services"][other];
            assert!(other.is_object(), "{name} waits for nobody");
            match how["condition"].as_str().expect("a condition") {
                "service_healthy" => {
                    assert!(other["healthcheck"].is_object(), "{name} waits for a health not asked for");
                }
                "service_completed_successfully" => assert_eq!(other["restart"], "no", "{name} waits for ever"),
                condition => panic!("{name}: {condition}"),
            }
        }
        for volume in service["volumes"].as_array().into_iter().flatten() {
            let volume = volume.as_str().and_then(|volume| volume.split(':').next()).expect("NAME:PATH");
            assert!(compose["volumes"].as_object().expect("volumes").contains_key(volume), "{name}: {volume}");
        }
    }
}

#[test]
fn images_are_pinned_and_nothing_but_this_machine_reaches_the_services() {
    let compose = plain();
    for (name, service) in services(&compose) {
        let tag = service["image"].as_str().and_then(|image| image.split_once(':')).expect("an image with a tag").1;
        let is_pinned = tag.contains('.') && tag.starts_with(|c: char| c.is_ascii_digit());
        assert!(is_pinned || service["build"].is_string(), "{name}: {tag}");
        for port in service["ports"].as_array().into_iter().flatten() {
            assert!(port.as_str().is_some_and(|port| port.starts_with("127.0.0.1:")), "{name}: {port}");
        }
    }
}
