//! What follows from several files together.

use crate::SourceTree;
use crate::declared::{Backend, Declaration, Form, Knob, Knobs, Says};
use crate::report::Certainty;

use super::known;
use super::page::{Page, When};

/// Adds what tools do of their own accord, and what only the metadata says.
pub(super) fn settle(found: &mut Vec<Declaration>, tree: &SourceTree) {
    name_backend(found, tree);
    metadata(found, tree);
    let backend = Backend::of(found);
    let has_helpers = found.iter().any(|one| one.form == Form::ExtensionHelpers && one.says == Says::Context);
    for one in found.iter_mut() {
        match one.form {
            // maturin names the file and the wheel after the features; setuptools-rust and others do not.
            Form::Pyo3Feature | Form::MaturinFeature if backend == Backend::Maturin => one.sets = Knobs::ALL,
            // extension-helpers makes macro and file suffix of the wheel's option.
            Form::SetuptoolsWheel if has_helpers && one.asks() => one.sets = Knobs::ALL,
            _ => {}
        }
    }
    // setuptools-rust with "auto" names the file after the wheel's option.
    let is_auto = found.iter().any(|one| one.form == Form::SetuptoolsRust && one.says == Says::Context);
    if is_auto {
        let tags = found.iter_mut().filter(|one| one.sets.has(Knob::Tag) && one.asks());
        tags.for_each(|one| one.sets = one.sets.and(Knobs::SUFFIX));
    }
}

/// setuptools builds what has a `setup.py` and names no backend.
fn name_backend(found: &mut Vec<Declaration>, tree: &SourceTree) {
    let is_named = found.iter().any(|one| one.form == Form::BuildBackend);
    let script = ["setup.py", "setup.cfg"].into_iter().find(|name| tree.files.iter().any(|file| file.path == *name));
    if let Some(script) = script.filter(|_| !is_named) {
        let mut page = Page::new(script, "");
        page.add_context(0, Form::BuildBackend, "setuptools", &When::always());
        found.append(&mut page.found);
    }
}

/// `Requires-Python` of the metadata, where no build file says it in words that were read.
fn metadata(found: &mut Vec<Declaration>, tree: &SourceTree) {
    if found.iter().any(|one| one.form == Form::RequiresPython && one.floor.is_some()) {
        return;
    }
    let Some(file) = tree.files.iter().find(|file| file.path == "PKG-INFO") else { return };
    let text = String::from_utf8_lossy(&file.bytes[..file.bytes.len().min(MAX_METADATA)]);
    let mut page = Page::new(&file.path, &text);
    for (at, value) in required_pythons(&text) {
        known::requires_python(&mut page, at, value, &When::always());
    }
    page.found.iter_mut().for_each(|one| one.certainty = Certainty::Certain);
    found.append(&mut page.found);
}

/// Bytes of the metadata that are read.
const MAX_METADATA: usize = 64 << 10;

/// The values of `Requires-Python` in the header of metadata, each with where its line starts.
fn required_pythons(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    });
    let header = lines.take_while(|(_, line)| !line.trim().is_empty());
    header.filter_map(|(at, line)| Some((at, line.strip_prefix("Requires-Python:")?.trim())))
}

/// All that is read of metadata beside the project's name, with the lines that it stands on.
pub(crate) fn metadata_read(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_METADATA)]);
    let mut read = Vec::new();
    for (at, value) in required_pythons(&text) {
        let line = memchr::memchr_iter(b'\n', &text.as_bytes()[..at]).count();
        read.extend_from_slice(format!("{line} {value}\n").as_bytes());
    }
    read
}
