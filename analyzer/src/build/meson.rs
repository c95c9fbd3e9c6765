//! `meson.build`: project arguments, arguments of extensions, include folders.

use crate::{Language, SourceFile, SourceTree};

use super::calls::{Call, calls, without_comments};
use super::facts::{Macros, Stated, below, flag};

/// What compiles something.
const TARGETS: [&str; 6] =
    ["extension_module", "static_library", "shared_library", "shared_module", "library", "executable"];

/// Reads the file, which is in `folder`.
pub(super) fn read(file: &SourceFile, folder: &str, tree: &SourceTree, stated: &mut Stated) {
    if file.path.starts_with("subprojects/") || file.path.contains("/subprojects/") {
        return;
    }
    let text = without_comments(&String::from_utf8_lossy(&file.bytes));
    for call in calls(&text) {
        match call.name {
            "add_project_arguments" | "add_global_arguments" => arguments(call, folder, tree, stated),
            "include_directories" => {
                stated.folders.extend(strings(call.arguments).filter_map(|text| below(folder, text)));
            }
            name if TARGETS.contains(&name) => target(call, stated),
            _ => {}
        }
    }
}

/// `add_project_arguments('-DX=1', language: ['c', 'cpp'])`.
fn arguments(call: Call<'_>, folder: &str, tree: &SourceTree, stated: &mut Stated) {
    let (flags, languages) = call.arguments.split_once("language").unwrap_or((call.arguments, ""));
    let is_for = |language: &str| strings(languages).any(|text| text == language);
    let any = |wanted: Language| tree.files.iter().any(|file| file.language() == Some(wanted));
    // Where both languages are compiled, a macro of one of them is not known for headers.
    let is_for_all = (is_for("c") || !any(Language::C)) && (is_for("cpp") || !any(Language::Cpp));
    let is_plain = !flags.contains('?') && !flags.contains(".format") && !flags.contains('+');
    for (name, value) in strings(flags).filter_map(flag) {
        if call.is_certain && folder.is_empty() && is_for_all && is_plain {
            stated.project.insert(name, value);
        }
    }
}

/// `c_args: ['-DX=1']` of one target.
fn target(call: Call<'_>, stated: &mut Stated) {
    let mut macros = Macros::new();
    for key in ["c_args", "cpp_args"] {
        let list = call.arguments.split_once(key).and_then(|(_, rest)| rest.trim_start().strip_prefix(':'));
        let list = list.and_then(|rest| rest.trim_start().strip_prefix('['));
        let list = list.and_then(|rest| rest.split_once(']'));
        macros.extend(list.into_iter().flat_map(|(inside, _)| strings(inside)).filter_map(flag));
    }
    stated.targets.push(macros);
}

/// The strings in a text, which Meson writes in single quotes.
fn strings(text: &str) -> impl Iterator<Item = &str> {
    text.split('\'').skip(1).step_by(2)
}
