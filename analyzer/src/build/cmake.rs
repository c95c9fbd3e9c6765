//! `CMakeLists.txt`: definitions for all targets or each of them, include folders.

use std::collections::BTreeMap;

use crate::SourceFile;

use super::calls::{Call, calls, without_comments};
use super::facts::{Macros, Stated, below, definition, flag};

/// Reads the file, which is in `folder`.
pub(super) fn read(file: &SourceFile, folder: &str, stated: &mut Stated) {
    let text = without_comments(&String::from_utf8_lossy(&file.bytes));
    let mut targets: BTreeMap<&str, Macros> = BTreeMap::new();
    for call in calls(&text) {
        match call.name.to_ascii_lowercase().as_str() {
            "add_definitions" if call.is_certain && folder.is_empty() => {
                stated.project.extend(words(call).filter_map(flag));
            }
            "add_compile_definitions" if call.is_certain && folder.is_empty() => {
                stated.project.extend(words(call).filter_map(definition));
            }
            "target_compile_definitions" => {
                let macros = targets.entry(words(call).next().unwrap_or_default()).or_default();
                // A target's own definitions are not for those that use it, and the other way round.
                let is_own = call.is_certain && !call.arguments.contains("INTERFACE");
                macros.extend(words(call).skip(1).filter(|_| is_own).filter_map(value));
            }
            "include_directories" | "target_include_directories" => {
                stated.folders.extend(words(call).filter_map(|word| in_folder(folder, word)));
            }
            name if name.ends_with("add_library") || name.ends_with("add_module") || name == "add_executable" => {
                targets.entry(words(call).next().unwrap_or_default()).or_default();
            }
            _ => {}
        }
    }
    stated.targets.extend(targets.into_values());
}

fn value(word: &str) -> Option<(String, String)> {
    let is_keyword = matches!(word, "PRIVATE" | "PUBLIC" | "INTERFACE");
    definition(word.strip_prefix("-D").unwrap_or(word)).filter(|_| !is_keyword)
}

/// A folder relative to the script's; the variables for both top folder and current folder are known.
fn in_folder(folder: &str, word: &str) -> Option<String> {
    if matches!(word, "PRIVATE" | "PUBLIC" | "INTERFACE" | "SYSTEM" | "BEFORE" | "AFTER") {
        return None;
    }
    for top in ["${CMAKE_SOURCE_DIR}", "${PROJECT_SOURCE_DIR}"] {
        if let Some(rest) = word.strip_prefix(top) {
            return below("", rest.trim_start_matches('/'));
        }
    }
    below(folder, word.strip_prefix("${CMAKE_CURRENT_SOURCE_DIR}").map_or(word, |rest| rest.trim_start_matches('/')))
}

fn words(call: Call<'_>) -> impl Iterator<Item = &str> {
    call.arguments.split_whitespace().map(|word| word.trim_matches('"'))
}
