//! `abiscope export`, through the whole program.
#![cfg(feature = "service")]

mod program;

use std::collections::BTreeMap;
use std::path::Path;

use fake_index::{FakeIndex, SdistBuilder};
use program::{abiscope, stdout};
use serde_json::Value;

const SOURCE: &str = "#include <Python.h>\nvoid f(PyObject *o, PyTypeObject *t) { Py_TYPE(o) = t; }\n";

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON")
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let named = |path: std::path::PathBuf| {
        (path.file_name().expect("a name").to_string_lossy().into_owned(), std::fs::read(&path).expect("a file"))
    };
    entries.map(named).collect()
}

fn rows(folder: &Path, table: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join(format!("{table}.jsonl"))).expect("a table");
    text.lines().map(|line| serde_json::from_str(line).expect("a row")).collect()
}

#[test]
fn what_was_surveyed_is_exported_whole_with_its_schema_and_twice_the_same() {
    let (folder, index) = (tempfile::tempdir().expect("a folder"), FakeIndex::start_in_thread());
    let data_dir = folder.path().join("data");
    for name in ["spam", "eggs"] {
        let sdist = SdistBuilder::new(&format!("{name}-1.0")).file("a.c", SOURCE);
        index.add(name).sdist("1.0", &sdist);
    }
    let output = abiscope(&data_dir, &["survey", "--index-url", &index.url(), "eggs", "spam", "gone"]);
    assert_eq!(output.status.code(), Some(1), "gone is not found: {}", String::from_utf8_lossy(&output.stderr));

    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    for out in [&first, &second] {
        let out = out.to_str().expect("UTF-8");
        let formats = ["--format", "jsonl", "--format", "csv", "--format", "parquet"];
        let output = abiscope(&data_dir, &[&["export", "--out", out][..], &formats].concat());
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(stdout(&output).starts_with("18 files in "), "{}", stdout(&output));
    }
    assert_eq!(files(&first), files(&second));
    assert_eq!(files(&first).len(), 20);

    let projects = rows(&first, "projects");
    let seen: Vec<_> =
        projects.iter().map(|row| ["project", "state", "version", "reached"].map(|name| row[name].as_str())).collect();
    let read = |name| [Some(name), Some("listed"), Some("1.0"), Some("with-native")];
    assert_eq!(seen, [read("eggs"), [Some("gone"), Some("not-found"), None, Some("all")], read("spam")]);
    let status = abiscope(&data_dir, &["status", "--format", "json"]);
    let status: Value = serde_json::from_slice(&status.stdout).expect("JSON");
    for state in ["listed", "not-found"] {
        let count = projects.iter().filter(|row| row["state"] == state).count();
        assert_eq!(status["projects"][state].as_u64(), Some(count as u64), "{state}");
    }
    let analysed = projects.iter().filter(|row| row["file_state"] == "analysed").count();
    assert_eq!(status["files"]["analysed"].as_u64(), Some(analysed as u64));

    // Fifteen targets of two releases: abi3-3.2 to abi3-3.15 and abi3t-3.15.
    let verdicts = rows(&first, "verdicts");
    assert_eq!(verdicts.len(), 30);
    assert!(verdicts.iter().all(|row| row["verdict"] == "blocked" || row["target"] != "abi3-3.15"));
    let lvalues: Vec<_> = rows(&first, "uses").into_iter().filter(|row| row["kind"] == "lvalue").collect();
    assert_eq!(lvalues.len(), 2);
    let expected = ["eggs", "Py_TYPE", "own", "always", "certain", "a.c"];
    let names = ["project", "item", "origin", "condition", "certainty", "first_path"];
    assert_eq!(names.map(|name| lvalues[0][name].as_str()), expected.map(Some));
    assert_eq!((lvalues[0]["sites"].as_u64(), lvalues[0]["first_line"].as_u64()), (Some(1), Some(2)));

    let manifest = json(&first.join("manifest.json"));
    let schema = json(&first.join("schema.json"));
    for table in schema["tables"].as_array().expect("tables") {
        let name = table["name"].as_str().expect("a name");
        let columns: Vec<_> =
            table["columns"].as_array().expect("columns").iter().filter_map(|one| one["name"].as_str()).collect();
        let csv = std::fs::read_to_string(first.join(format!("{name}.csv"))).expect("a table");
        assert_eq!(csv.lines().next(), Some(&*columns.join(",")));
        let lines = rows(&first, name).len() as u64;
        let told = manifest["files"].as_array().expect("files").iter().filter(|file| file["table"] == name);
        assert_eq!(told.map(|file| file["rows"].as_u64()).collect::<Vec<_>>(), [Some(lines); 3], "{name}");
    }
    assert_eq!(manifest["snapshot"].as_str().map(str::len), Some(64));
}
