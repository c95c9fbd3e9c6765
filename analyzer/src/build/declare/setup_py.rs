//! `setup.py` and other scripts of Python, read as tokens: arguments, options, flags and classes that are about the
//! limited API, with the conditions around them. Nothing is run.

use crate::build::setup_py::Script;
use crate::cython::{Line, lines};
use crate::declared::{Abi, Dependence, Form, Knobs, Says};
use crate::lexer::{self, Kind, Names, Sym, Token};
use crate::scan::FastMap;

use super::depends::{depends_on, words};
use super::page::{Page, When};
use super::value::{self, Reading};
use super::{flags, known};

/// Tokens that are looked back at for the call around an argument.
const MAX_BACK: usize = 4000;

/// Assignments of one variable that are followed.
const MAX_VALUES: usize = 6;

/// Variables that are followed from one to the next.
const MAX_DEPTH: usize = 4;

/// Places in one file that are looked at; real files have a handful.
const MAX_PLACES: usize = 500;

/// Lines above one that are looked at for the blocks around it.
const MAX_LINES: usize = 20_000;

/// Words of a condition that are followed.
const MAX_WORDS: usize = 40;

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

/// A value with what has to hold for it.
#[derive(Debug, Clone)]
struct Value {
    from: usize,
    to: usize,
    when: When,
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
        let tags = (line.start..line.end).filter_map(|at| self.content(at).map(|(text, f)| (text.to_owned(), f)));
        let python = tags.into_iter().find(|(text, _)| text.starts_with("cp3"));
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

    /// The index after the value that starts at `from`.
    fn end_of_value(&self, from: usize) -> usize {
        let script = self.script;
        let mut at = from;
        while at < script.tokens.len() {
            match script.kind(at) {
                Kind::LParen | Kind::LBracket | Kind::LBrace => at = self.after(at),
                Kind::Comma | Kind::RParen | Kind::RBracket | Kind::RBrace | Kind::Newline | Kind::Semi | Kind::End => {
                    break;
                }
                _ => at += 1,
            }
        }
        at
    }

    /// The values that an expression may have: variables and choices are followed.
    fn values(&self, from: usize, to: usize, when: &When) -> Vec<Value> {
        let mut found = Vec::new();
        let mut open = vec![(Value { from, to, when: when.clone() }, 0, Vec::<Sym>::new())];
        while let Some((value, depth, seen)) = open.pop() {
            if found.len() + open.len() > MAX_VALUES || depth > MAX_DEPTH {
                found.push(value);
                continue;
            }
            if let Some(choices) = self.choices(&value) {
                open.extend(choices.into_iter().map(|choice| (choice, depth + 1, seen.clone())));
                continue;
            }
            let variable = self.variable(&value).filter(|name| !seen.contains(name));
            let assigned: Vec<Value> = variable.map_or_else(Vec::new, |name| self.assigned(name, &value));
            if assigned.is_empty() {
                found.push(value);
                continue;
            }
            let seen: Vec<Sym> = seen.iter().copied().chain(variable).collect();
            open.extend(assigned.into_iter().map(|value| (value, depth + 1, seen.clone())));
        }
        found.sort_by_key(|value| value.from);
        found
    }

    /// The one name that the value is.
    fn variable(&self, value: &Value) -> Option<Sym> {
        let is_name = value.to == value.from + 1 && self.script.kind(value.from) == Kind::Ident;
        let is_constant = matches!(self.script.word(value.from), b"True" | b"False" | b"None");
        (is_name && !is_constant).then(|| self.script.tokens[value.from].sym)
    }

    /// What is assigned to a variable, wherever; each with the conditions around it.
    fn assigned(&self, name: Sym, to: &Value) -> Vec<Value> {
        self.lines_of(name)
            .take(MAX_VALUES)
            .map(|line| Value { from: line.start + 2, to: line.end, when: self.around(line.start).both(&to.when) })
            .collect()
    }

    /// `A if C else B`.
    fn choices(&self, value: &Value) -> Option<[Value; 2]> {
        let script = self.script;
        let outside = |word: &[u8]| {
            let mut at = value.from;
            while at < value.to {
                match script.kind(at) {
                    Kind::LParen | Kind::LBracket | Kind::LBrace => at = self.after(at),
                    _ if script.word(at) == word => return Some(at),
                    _ => at += 1,
                }
            }
            None
        };
        let (then, otherwise) = (outside(b"if")?, outside(b"else")?);
        let condition = self.written(then + 1, otherwise);
        let depends = self.asked_by(&condition);
        Some([
            Value { from: value.from, to: then, when: value.when.clone().and(&condition, &depends) },
            Value {
                from: otherwise + 1,
                to: value.to,
                when: value.when.clone().and(&format!("not ({condition})"), &depends),
            },
        ])
    }

    /// The logical line that a token is in.
    fn line_of(&self, at: usize) -> Option<Line> {
        let number = self.script.lines.partition_point(|line| line.start <= at).checked_sub(1)?;
        self.script.lines.get(number).copied()
    }

    /// The lines that open the blocks around a token, inner ones first, each with the number of its line.
    fn openings(&self, at: usize) -> Vec<(usize, Line)> {
        let lines = self.script.lines;
        let Some(own) = lines.partition_point(|line| line.start <= at).checked_sub(1) else { return Vec::new() };
        let mut indent = lines[own].indent;
        let mut found = Vec::new();
        for number in (0..own).rev().take(MAX_LINES) {
            if indent == 0 || found.len() > 16 {
                break;
            }
            if lines[number].indent < indent {
                indent = lines[number].indent;
                found.push((number, lines[number]));
            }
        }
        found
    }

    /// The conditions around a token.
    fn around(&self, at: usize) -> When {
        let mut when = When::always();
        for (number, line) in self.openings(at).into_iter().rev() {
            match self.script.word(line.start) {
                b"if" | b"elif" => {
                    let condition = self.condition(line);
                    if !condition.contains("__name__") {
                        let depends = self.asked_by(&condition);
                        when = when.and(&condition, &depends);
                    }
                }
                b"else" => {
                    if let Some(condition) = self.if_before(number, line.indent) {
                        let depends = self.asked_by(&condition);
                        when = when.and(&format!("not ({condition})"), &depends);
                    }
                }
                b"except" => when = when.and("something else fails", &[Dependence::Other]),
                _ => {}
            }
        }
        for condition in self.choices_around(at) {
            let depends = self.asked_by(&condition);
            when = when.and(&condition, &depends);
        }
        when
    }

    /// The conditions of choices that a token is a part of: `[…] if C else []`.
    fn choices_around(&self, at: usize) -> Vec<String> {
        let script = self.script;
        let mut found = Vec::new();
        let (mut depth, mut levels) = (0_usize, 0);
        for open in (at.saturating_sub(MAX_BACK)..at).rev() {
            match script.kind(open) {
                Kind::RParen | Kind::RBracket | Kind::RBrace => depth += 1,
                Kind::LParen | Kind::LBracket | Kind::LBrace if depth > 0 => depth -= 1,
                Kind::LParen | Kind::LBracket | Kind::LBrace => {
                    levels += 1;
                    let close = self.after(open);
                    if script.word(close) == b"if" {
                        let ends = |at: &usize| script.word(*at) == b"else" || script.kind(*at) == Kind::Newline;
                        let otherwise = (close..script.tokens.len()).find(ends).unwrap_or(close);
                        found.push(self.written(close + 1, otherwise));
                    }
                }
                Kind::Newline if depth == 0 => break,
                _ => {}
            }
            if levels > 12 {
                break;
            }
        }
        found
    }

    /// The condition of an `if` line: up to the colon that ends it.
    fn condition(&self, line: Line) -> String {
        let colon = (line.start..line.end).rev().find(|at| self.script.kind(*at) == Kind::Colon);
        self.written(line.start + 1, colon.unwrap_or(line.end))
    }

    /// The condition of the `if` that an `else` belongs to.
    fn if_before(&self, number: usize, indent: u32) -> Option<String> {
        let lines = self.script.lines.get(..number)?;
        for line in lines.iter().rev().take(MAX_LINES).filter(|line| line.indent <= indent) {
            let word = self.script.word(line.start);
            if line.indent < indent || matches!(word, b"try" | b"except" | b"for" | b"while") {
                return None;
            }
            if matches!(word, b"if" | b"elif") {
                return Some(self.condition(*line));
            }
        }
        None
    }

    /// What a condition asks about: its words, and those of the variables in it.
    fn asked_by(&self, condition: &str) -> Vec<Dependence> {
        let mut texts = vec![condition.to_owned()];
        let mut seen: Vec<Sym> = Vec::new();
        for level in 0.. {
            let Some(text) = texts.get(level).filter(|_| level < 12).cloned() else { break };
            for word in words(&text).take(MAX_WORDS) {
                let Some(sym) = self.script.names.get(word.as_bytes()).filter(|sym| !seen.contains(sym)) else {
                    continue;
                };
                seen.push(sym);
                let assigned = self.lines_of(sym).take(2).map(|line| self.written(line.start + 2, line.end));
                texts.extend(assigned);
            }
        }
        depends_on(&texts.join(" "))
    }

    /// The name of the function around a token.
    fn function_around(&self, at: usize) -> Option<String> {
        let mut openings = self.openings(at).into_iter();
        let (_, line) = openings.find(|(_, line)| self.script.word(line.start) == b"def")?;
        Some(String::from_utf8_lossy(self.script.word(line.start + 1)).into_owned())
    }

    /// The head of the class around a token.
    fn class_around(&self, at: usize) -> Option<String> {
        let mut openings = self.openings(at).into_iter();
        let (_, line) = openings.find(|(_, line)| self.script.word(line.start) == b"class")?;
        Some(self.written(line.start, line.end))
    }

    /// The function that a token is an argument of.
    fn call_around(&self, at: usize) -> Option<String> {
        let mut depth = 0_usize;
        for open in (at.saturating_sub(MAX_BACK)..at).rev() {
            match self.script.kind(open) {
                Kind::RParen | Kind::RBracket | Kind::RBrace => depth += 1,
                Kind::LParen if depth == 0 => {
                    let name = open.checked_sub(1).filter(|before| self.script.kind(*before) == Kind::Ident)?;
                    return Some(String::from_utf8_lossy(self.script.word(name)).into_owned());
                }
                Kind::LBracket | Kind::LBrace | Kind::Newline if depth == 0 => return None,
                Kind::LParen | Kind::LBracket | Kind::LBrace => depth -= 1,
                _ => {}
            }
        }
        None
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
