//! `setup.py` and other scripts of Python, read as tokens: arguments, options, flags and classes that are about the
//! limited API, with the conditions around them. Nothing is run.

mod around;
mod values;

use crate::build::setup_py::Script;
use crate::cython::{Line, lines};
use crate::declared::{Abi, Form, Knobs, Says};
use crate::lexer::{self, Kind, Names, Sym, Token};
use crate::scan::FastMap;

use super::page::{Page, When};
use super::value::{self, Reading};
use super::{flags, known};

/// Tokens around the ABI's tag in which the one of Python is looked for.
const MAX_NEAR: usize = 60;

/// Places in one file that are looked at; real files have a handful.
const MAX_PLACES: usize = 500;

/// Names that are looked at.
const NAMES: [&[u8]; 5] =
    [b"py_limited_api", b"python_requires", b"set_source", b"set_source_pkgconfig", b"get_extensions"];

/// cffi's switch, as a macro or in the C of the module: the module is made for one version.
const NOT_LIMITED: &str = "_CFFI_NO_LIMITED_API";

/// Whether it is worth reading.
pub(super) fn may_say(text: &[u8]) -> bool {
    [
        &b"imited_api"[..],
        b"LIMITED_API",
        b"limited-api",
        b"abi3",
        b"ABI3T",
        b"python_requires",
        b"Free Threading",
        b"get_extensions",
    ]
    .iter()
    .chain([&b"set_source"[..], NOT_LIMITED.as_bytes()].iter())
    .any(|part| memchr::memmem::find(text, part).is_some())
}

/// Reads the file.
pub(super) fn read(page: &mut Page<'_>) {
    let source = page.text.as_bytes();
    let mut names = Names::default();
    let tokens = lexer::lex(source, lexer::Language::Cython, &mut names);
    let lines = lines(&tokens, source);
    let script = Script { tokens: &tokens, source, names: &names, lines: &lines };
    let mut assignments: FastMap<Sym, Vec<usize>> = FastMap::default();
    for (number, line) in lines.iter().enumerate() {
        if script.kind(line.start) == Kind::Ident && script.kind(line.start + 1) == Kind::Assign {
            assignments.entry(tokens[line.start].sym).or_default().push(number);
        }
    }
    let closes = closes(&tokens);
    let mut reader = Reader { script, page, assignments, closes, is_not_limited: false, left: MAX_PLACES };
    reader.is_not_limited = memchr::memmem::find(source, NOT_LIMITED.as_bytes()).is_some()
        && (0..tokens.len()).any(|at| reader.switches_off(at));
    reader.run();
}

/// For each opening bracket the index after the one that closes it.
fn closes(tokens: &[Token]) -> FastMap<usize, usize> {
    let mut closes = FastMap::default();
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::LParen | Kind::LBracket | Kind::LBrace => open.push(at),
            Kind::RParen | Kind::RBracket | Kind::RBrace => {
                if let Some(from) = open.pop() {
                    closes.insert(from, at + 1);
                }
            }
            _ => {}
        }
    }
    closes
}

/// A script and the page that its declarations go to.
struct Reader<'s, 'p, 'a> {
    script: Script<'s>,
    page: &'p mut Page<'a>,
    /// The lines that assign to a name.
    assignments: FastMap<Sym, Vec<usize>>,
    /// For each opening bracket the index after the one that closes it.
    closes: FastMap<usize, usize>,
    /// cffi is told not to keep to the limited API, whatever builds it.
    is_not_limited: bool,
    /// Places that are still looked at.
    left: usize,
}

impl Reader<'_, '_, '_> {
    fn run(mut self) {
        for at in 0..self.script.tokens.len() {
            let is_of_interest = match self.script.kind(at) {
                Kind::Str => self.content(at).is_some_and(|(text, _)| may_say(text.as_bytes())),
                Kind::Ident => NAMES.contains(&self.script.word(at)),
                _ => false,
            };
            if !is_of_interest {
                continue;
            }
            let Some(left) = self.left.checked_sub(1) else { return };
            self.left = left;
            if self.script.kind(at) == Kind::Str { self.string(at) } else { self.name(at) }
        }
    }

    /// The index after the bracket that closes the one at `open`.
    fn after(&self, open: usize) -> usize {
        self.closes.get(&open).copied().unwrap_or(self.script.tokens.len())
    }

    /// Whether a text switches the limited API off for cffi in every build.
    fn switches_off(&self, at: usize) -> bool {
        self.content(at).is_some_and(|(text, _)| text.contains(NOT_LIMITED)) && self.around(at).texts.is_empty()
    }

    /// The lines that assign to a name.
    fn lines_of(&self, name: Sym) -> impl Iterator<Item = Line> {
        let numbers = self.assignments.get(&name).map_or(&[][..], Vec::as_slice);
        numbers.iter().filter_map(|number| self.script.lines.get(*number).copied())
    }

    fn offset(&self, at: usize) -> usize {
        self.script.tokens.get(at).map_or(self.script.source.len(), |token| token.start as usize)
    }

    /// What stands in the tokens `from..to`, as written.
    fn written(&self, from: usize, to: usize) -> String {
        self.page.slice(self.offset(from)..self.offset(to)).trim_end_matches(',').trim().to_owned()
    }

    /// The content of the string at `at`, and whether it is formatted.
    fn content(&self, at: usize) -> Option<(&str, bool)> {
        let start = self.script.tokens.get(at).filter(|token| token.kind == Kind::Str)?.start as usize;
        let (range, _) = crate::embedded::string_content(self.script.source, start)?;
        let prefix = self.script.source.get(start..range.start)?;
        let text = std::str::from_utf8(self.script.source.get(range)?).ok()?;
        Some((text, prefix.contains(&b'f') || prefix.contains(&b'F')))
    }

    fn is_string(&self, at: usize, wanted: &str) -> bool {
        self.content(at).is_some_and(|(text, _)| text == wanted)
    }

    fn string(&mut self, at: usize) {
        let Some((text, _)) = self.content(at).map(|(text, f)| (text.to_owned(), f)) else { return };
        let offset = self.offset(at);
        match text.as_str() {
            "Py_LIMITED_API" | "Py_TARGET_ABI3T" | "CYTHON_LIMITED_API" => self.macro_pair(at, &text),
            "py_limited_api" | "py-limited-api" => self.key(at),
            "abi3" | "abi3t" | "abi3.abi3t" => self.tag_by_code(at, &text),
            _ if text.contains(":: Free Threading ::") => {
                // Several classifiers may be lines of one text.
                let inside = crate::embedded::string_content(self.script.source, offset);
                let mut at = inside.map_or(offset, |(range, _)| range.start);
                for line in text.split_inclusive('\n') {
                    known::classifier(self.page, at, line.trim());
                    at += line.len();
                }
            }
            _ if text.contains(NOT_LIMITED) => {
                let when = self.around(at);
                let sets = Knobs::MACRO.and(Knobs::SUFFIX);
                self.page.add(offset, Form::Cffi, NOT_LIMITED, sets, Reading::of(Says::Off), &when);
            }
            _ if text.contains("-abi3-") || text.contains("-abi3.abi3t-") => self.whole_tag(at, &text),
            _ if text.len() < 400 && may_say(text.as_bytes()) && !text.contains('\n') => self.flag(at, &text),
            _ => {}
        }
    }

    /// A flag among the compiler's arguments, or an argument of a command.
    fn flag(&mut self, at: usize, text: &str) {
        let is_flag = text.starts_with(['-', '/']) || text.starts_with("Py_LIMITED_API=") || text.contains(" -D");
        if is_flag {
            let when = self.around(at);
            flags::scan(self.page, text, self.offset(at), &when);
        }
    }

    /// `("Py_LIMITED_API", "0x030A0000")`, and the same in a dictionary.
    fn macro_pair(&mut self, at: usize, name: &str) {
        let script = self.script;
        let before = at.checked_sub(1).map_or(Kind::End, |before| script.kind(before));
        let asks = at.checked_sub(2).is_some_and(|before| {
            before < script.tokens.len()
                && matches!(script.word(before), b"get" | b"getenv" | b"pop" | b"get_config_var" | b"in" | b"print")
        });
        let is_pair = matches!(before, Kind::LParen | Kind::LBracket) && !asks;
        let (from, to) = match script.kind(at + 1) {
            Kind::Comma if is_pair => (at + 2, self.end_of_value(at + 2)),
            Kind::Colon if matches!(before, Kind::LBrace | Kind::Comma) => (at + 2, self.end_of_value(at + 2)),
            Kind::RParen if before == Kind::LParen && !asks && self.is_in_list(at) => (at + 1, at + 1),
            _ => return self.undefined(at, name),
        };
        for value in self.values(from, to, &self.around(at)) {
            let text = self.written(value.from, value.to);
            let is_none = text == "None";
            let is_formatted = self.content(value.from).is_some_and(|(_, is_formatted)| is_formatted);
            // A formatted string is worked out when it is built.
            let read = match (is_none, is_formatted) {
                (true, _) => "",
                (_, true) => "f",
                _ => text.as_str(),
            };
            let place = self.offset(if value.from == from { at } else { value.from });
            known::macro_of_setuptools(self.page, place, name, read, &value.when);
            if (is_none || is_formatted)
                && let Some(last) = self.page.found.last_mut()
            {
                last.value = super::page::shortened(&text);
            }
        }
    }

    /// `[("Py_LIMITED_API",)]` and not a call with the name.
    fn is_in_list(&self, at: usize) -> bool {
        at.checked_sub(2).is_some_and(|before| matches!(self.script.kind(before), Kind::LBracket | Kind::Comma))
    }

    /// `undef_macros=["Py_LIMITED_API"]`.
    fn undefined(&mut self, at: usize, name: &str) {
        let is_undefined =
            (1..6).filter_map(|back| at.checked_sub(back)).any(|at| self.script.word(at) == b"undef_macros");
        if is_undefined {
            let when = self.around(at);
            let reading = Reading::of(Says::Off);
            self.page.add(self.offset(at), Form::SetuptoolsMacro, name, Knobs::MACRO, reading, &when);
        }
    }

    /// `"py_limited_api": "cp310"`, `options["py_limited_api"] = True`, `setattr(x, "py_limited_api", True)`.
    fn key(&mut self, at: usize) {
        let script = self.script;
        let from = match (script.kind(at + 1), script.kind(at + 2)) {
            (Kind::Colon | Kind::Comma, _) => at + 2,
            (Kind::RBracket, Kind::Assign) => at + 3,
            _ => return,
        };
        let is_lookup = at.checked_sub(2).is_some_and(|at| matches!(script.word(at), b"get" | b"pop" | b"getattr"));
        if !is_lookup {
            let is_of_wheel =
                (1..8).filter_map(|back| at.checked_sub(back)).any(|before| self.is_string(before, "bdist_wheel"));
            self.setting(at, from, if is_of_wheel { Place::Wheel } else { Place::Unknown });
        }
    }

    fn name(&mut self, at: usize) {
        let script = self.script;
        let is_assigned = script.kind(at + 1) == Kind::Assign;
        match script.word(at) {
            b"py_limited_api" if is_assigned => self.argument(at),
            b"python_requires" if is_assigned => {
                if let Some((text, _)) = self.content(at + 2).map(|(text, f)| (text.to_owned(), f)) {
                    known::requires_python(self.page, self.offset(at), &text, &When::always());
                }
            }
            // extension-helpers makes the extensions, with the macro that follows from the wheel's option.
            b"get_extensions" if script.kind(at + 1) == Kind::LParen => {
                self.page.add_context(self.offset(at), Form::ExtensionHelpers, "get_extensions()", &When::always());
            }
            b"set_source" | b"set_source_pkgconfig" if script.kind(at + 1) == Kind::LParen => self.cffi(at),
            _ => {}
        }
    }

    /// `py_limited_api=True` in a call, or `self.py_limited_api = "cp310"`.
    fn argument(&mut self, at: usize) {
        let before = at.checked_sub(1).map_or(Kind::End, |before| self.script.kind(before));
        let place = if before == Kind::Dot {
            if self.class_around(at).is_some_and(|bases| bases.contains("bdist_wheel")) {
                Place::Wheel
            } else {
                Place::Unknown
            }
        } else {
            match self.call_around(at) {
                Some(name) if name == "RustExtension" => Place::Rust,
                Some(name) if name.ends_with("Extension") => Place::Extension,
                Some(name) if name == "set_source" => return,
                Some(name) if name == "setup" => Place::Setup,
                Some(_) => Place::Unknown,
                // A variable: what it is used for says more.
                None => return,
            }
        };
        self.setting(at, at + 2, place);
    }

    /// A value of `py_limited_api`, which is a tag for the wheel or a truth for the extension.
    fn setting(&mut self, at: usize, from: usize, place: Place) {
        let to = self.end_of_value(from);
        for value in self.values(from, to, &self.around(at)) {
            let offset = self.offset(if value.from == from { at } else { value.from });
            let text = self.written(value.from, value.to);
            let string = self.content(value.from).filter(|_| value.to == value.from + 1);
            let string = string.map(|(text, is_formatted)| (text.to_owned(), is_formatted));
            match (place, string) {
                (Place::Setup, _) => {
                    let written = format!("setup(py_limited_api={text})");
                    let reading = Reading::of(Says::Misplaced);
                    self.page.add(offset, Form::MisplacedKey, &written, Knobs::NONE, reading, &value.when);
                }
                (_, Some((string, _))) if string == "auto" => {
                    let reading = Reading::of(Says::Context);
                    self.page.add(offset, Form::SetuptoolsRust, &text, Knobs::NONE, reading, &value.when);
                }
                // Any text is true.
                (Place::Extension, Some(_)) => self.truth(offset, "True", place, &value.when),
                (_, Some((string, is_formatted))) => {
                    let reading = if is_formatted { Reading::of(Says::Varies) } else { value::tag(&string) };
                    self.page.add(offset, Form::SetuptoolsWheel, &text, Knobs::TAG, reading, &value.when);
                }
                (place, None) if is_constant(&text) => self.truth(offset, &text, place, &value.when),
                // What is worked out is told by what it is asked for.
                (place, None) => {
                    let (offset, text) = (self.offset(at), self.written(from, to));
                    let when = self.around(at);
                    self.truth(offset, &text, place, &when);
                }
            }
        }
    }

    /// A value that is true or false, or only known when it is built.
    fn truth(&mut self, offset: usize, text: &str, place: Place, when: &When) {
        let form = if place == Place::Rust { Form::SetuptoolsRust } else { Form::SetuptoolsExtension };
        let (form, sets) =
            if place == Place::Wheel { (Form::SetuptoolsWheel, Knobs::TAG) } else { (form, Knobs::SUFFIX) };
        match (text, place) {
            ("None" | "{}", _) | ("False" | "\"\"" | "''", Place::Wheel) => {}
            ("False", _) => self.page.add(offset, form, text, sets, Reading::of(Says::Off), when),
            ("True", Place::Wheel) => self.page.add(offset, form, text, sets, Reading::of(Says::Mistake), when),
            ("True", _) => self.page.add(offset, form, text, sets, Reading::of(Says::On), when),
            (_, Place::Wheel) => self.page.add(offset, form, text, sets, Reading::of(Says::Varies), when),
            _ => {
                let when = when.clone().and(text, &self.asked_by(text));
                self.page.add(offset, form, text, sets, Reading::of(Says::On), &when);
            }
        }
    }

    /// `return "cp38", "abi3", plat` in `get_tag`.
    fn tag_by_code(&mut self, at: usize, abi: &str) {
        let Some(line) = self.line_of(at) else { return };
        if self.function_around(at).as_deref() != Some("get_tag") {
            return;
        }
        let is_given = self.script.word(line.start) == b"return"
            || matches!(at.checked_sub(1).map(|at| self.script.kind(at)), Some(Kind::Assign | Kind::Comma));
        if !is_given {
            return;
        }
        // `python = "cp38"` may stand some lines above or below.
        let is_tag = |at: &usize| self.content(*at).is_some_and(|(text, _)| text.starts_with("cp3"));
        let is_near = |at: &usize| is_tag(at) && self.function_around(*at).as_deref() == Some("get_tag");
        let around = line.start.saturating_sub(MAX_NEAR)..line.end.saturating_add(MAX_NEAR);
        let python = (line.start..line.end).find(is_tag).or_else(|| around.into_iter().find(is_near));
        let python = python.and_then(|at| self.content(at)).map(|(text, is_formatted)| (text.to_owned(), is_formatted));
        let reading = match &python {
            Some((text, false)) => value::tag(text),
            _ => Reading::of(Says::Varies),
        };
        let written = self.written(line.start, line.end);
        let when = self.around(at);
        for abi in abi.split('.') {
            let abi = if abi == "abi3t" { Abi::Abi3t } else { Abi::Abi3 };
            let (offset, reading) = (self.offset(line.start), Reading { abi: Some(abi), ..reading });
            self.page.add(offset, Form::SetuptoolsGetTag, &written, Knobs::TAG, reading, &when);
        }
    }

    /// `build_data["tag"] = "cp39-abi3-linux_x86_64"`.
    fn whole_tag(&mut self, at: usize, text: &str) {
        let Some(line) = self.line_of(at) else { return };
        let about_tags = (line.start..line.end).any(|at| {
            self.script.word(at).ends_with(b"tag") || self.content(at).is_some_and(|(text, _)| text == "tag")
        });
        if about_tags {
            let reading = value::tag(text.split('-').next().unwrap_or_default());
            let (when, offset) = (self.around(at), self.offset(at));
            self.page.add(offset, Form::HatchTag, text, Knobs::TAG, reading, &when);
            if text.contains("abi3t") {
                let reading = Reading { abi: Some(Abi::Abi3t), ..reading };
                self.page.add(offset, Form::HatchTag, text, Knobs::TAG, reading, &when);
            }
        }
    }

    /// `ffi.set_source("a._b", "…", py_limited_api=False)`; without a source nothing is compiled.
    fn cffi(&mut self, at: usize) {
        let script = self.script;
        let close = self.after(at + 1).saturating_sub(1);
        let arguments = script.split(at + 2, close, |kind| kind == Kind::Comma);
        // The module of a program that makes modules is no module of this project.
        let is_named = arguments.first().is_some_and(|(from, _)| self.content(*from).is_some());
        if !is_named || arguments.get(1).is_none_or(|(from, _)| script.word(*from) == b"None") {
            return;
        }
        let mut says = (Says::On, String::new());
        for (from, to) in arguments {
            match (script.word(from), script.word(from + 2)) {
                (b"py_limited_api", b"False") => says = (Says::Off, self.written(from, to)),
                (b"py_limited_api", _) => says = (Says::On, self.written(from, to)),
                _ => {}
            }
        }
        if self.is_not_limited {
            return;
        }
        let sets = Knobs::MACRO.and(Knobs::SUFFIX);
        self.page.add(self.offset(at), Form::Cffi, &says.1, sets, Reading::of(says.0), &When::always());
    }
}

fn is_constant(text: &str) -> bool {
    matches!(text, "True" | "False" | "None" | "{}")
}

/// Where `py_limited_api` is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In `setup(…)` itself, which does not know it.
    Setup,
    /// In `RustExtension(…)`.
    Rust,
    /// In `Extension(…)`.
    Extension,
    /// In a class that makes the wheel, or among its options.
    Wheel,
    /// Elsewhere: the value says what it is for.
    Unknown,
}
