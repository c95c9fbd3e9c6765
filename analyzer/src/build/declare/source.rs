//! What sources say: `#define Py_LIMITED_API`, and the hooks that abi3t needs.

use crate::declared::{Abi, Declaration, Dependence, Form, Knobs, Says};
use crate::lexer::{Directive, Names};
use crate::report::{Certainty, Kind};
use crate::scan::{Guard, Unit};
use crate::{Condition, Origin, OriginClass, SourceTree, Use};

use super::page::{Page, When, shortened};
use super::value::Reading;
use super::{known, value};

/// A definition of one of the macros in C.
#[derive(Debug)]
pub(crate) struct InSource {
    /// The file's place in the tree.
    pub(crate) file: usize,
    /// Of the `#`.
    pub(crate) offset: usize,
    /// Which macro.
    pub(crate) name: &'static str,
    /// As written; `None` for `#undef`.
    pub(crate) value: String,
    /// When the preprocessor keeps it.
    pub(crate) condition: Condition,
}

/// Definitions of one package that are kept.
const MAX_DEFINITIONS: usize = 500;

/// The definitions in a file: `guards` gives the condition of each line.
pub(crate) fn macro_of_source(
    unit: &Unit,
    source: &[u8],
    names: &Names,
    guards: &[Guard],
    condition: impl Fn(Guard) -> Condition,
    file: usize,
    found: &mut Vec<InSource>,
) {
    for name in ["Py_LIMITED_API", "Py_TARGET_ABI3T"] {
        let Some(sym) = names.get(name.as_bytes()) else { continue };
        let lines = unit.lines.iter().zip(guards).filter(|(line, _)| line.directive == Directive::Define);
        for (line, &guard) in lines {
            let Some(token) = unit.tokens_of(line).first().filter(|token| token.sym == sym) else { continue };
            if guard == Guard::NEVER || found.len() >= MAX_DEFINITIONS {
                continue;
            }
            let after = token.start as usize + name.len();
            let value = source.get(after..line.bytes.end).unwrap_or_default();
            found.push(InSource {
                file,
                offset: line.bytes.start,
                name,
                value: String::from_utf8_lossy(value).trim().to_owned(),
                condition: condition(guard),
            });
        }
    }
}

/// The definitions as declarations. What a generator writes into every file says nothing about this project.
pub(super) fn declared(in_source: &[InSource], tree: &SourceTree, origins: &[Origin]) -> Vec<Declaration> {
    let mut found = Vec::new();
    for in_file in in_source.chunk_by(|a, b| a.file == b.file) {
        let number = in_file.first().map_or(0, |one| one.file);
        let (Some(file), Some(origin)) = (tree.files.get(number), origins.get(number)) else { continue };
        if matches!(origin.class, OriginClass::TestOrDoc | OriginClass::Vendored | OriginClass::Generated) {
            continue;
        }
        // Positions count bytes, which other bytes than those of UTF-8 must not change.
        let text: String =
            file.bytes.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { '?' }).collect();
        let mut page = Page::new(&file.path, &text);
        for one in in_file {
            known::defined(&mut page, one.offset, Form::CMacro, one.name, &one.value, &when(&one.condition));
        }
        page.found.iter_mut().for_each(|found| found.value = shortened(without_comment(&found.value)));
        found.append(&mut page.found);
    }
    found
}

fn without_comment(value: &str) -> &str {
    let value = value.split("/*").next().unwrap_or_default();
    value.split("//").next().unwrap_or_default().trim()
}

/// A condition of the preprocessor, in its own words. That the macro is not defined yet is no condition.
fn when(condition: &Condition) -> When {
    let text = condition.to_string();
    if condition.is_always() || text == "not limited" {
        return When::always();
    }
    let names = [
        ("free_threaded", Dependence::FreeThreaded),
        ("abi3t", Dependence::FreeThreaded),
        ("python", Dependence::Version),
        ("platform", Dependence::Platform),
        ("implementation", Dependence::Implementation),
    ];
    let mut depends: Vec<_> = names.iter().filter(|(name, _)| text.contains(name)).map(|(_, of)| *of).collect();
    if depends.is_empty() || text.contains("opaque") {
        depends.push(Dependence::Other);
    }
    When::only(&text, &depends)
}

/// `PyModExport_x` and its like: what abi3t needs of the source. The first place of each.
pub(super) fn hooks(uses: &[Use], files: &[String]) -> Vec<Declaration> {
    let is_hook = |found: &&Use| match found.kind {
        Kind::ExportHook => found.name.starts_with("PyModExport"),
        Kind::Api => matches!(found.name.as_str(), "PyABIInfo_VAR" | "Py_mod_abi" | "PySlot_STATIC_DATA"),
        _ => false,
    };
    let hooks = uses.iter().filter(is_hook).filter(|found| found.origin.class == OriginClass::Own);
    let declared = hooks.filter_map(|found| {
        let site = found.sites.first()?;
        let reading = Reading { floor: Some(value::FIRST_ABI3T), ..Reading::of(Says::Context) };
        Some(Declaration {
            path: files.get(site.file as usize)?.clone(),
            line: site.line,
            column: site.column,
            form: Form::ExportHook,
            value: found.name.clone(),
            sets: Knobs::NONE,
            says: reading.says,
            abi: Some(Abi::Abi3t),
            floor: reading.floor,
            when: (!found.condition.is_always()).then(|| shortened(&found.condition.to_string())),
            depends_on: when(&found.condition).depends_on,
            certainty: Certainty::Certain,
        })
    });
    declared.collect()
}
