//! The C in SWIG's interfaces: `%{ … %}`, typemaps, `%inline`, `%extend`, `%fragment`, exception handlers.
//!
//! Declarations outside of blocks are there to be wrapped, they are not compiled. SWIG's own `#if` lines stay, since
//! they choose blocks; `%#if` inside a block is C's.

use super::Mask;

/// Directives whose block is Python, or text.
const NOT_C: [&[u8]; 6] = [b"pythoncode", b"pythonbegin", b"pythonprepend", b"pythonappend", b"shadow", b"docstring"];

/// First arguments of `%typemap` for other languages, by how they start, and for documentation.
const FOREIGN_TYPEMAPS: [&[u8]; 9] =
    [b"java", b"jni", b"jtype", b"jstype", b"cs", b"imtype", b"ctype", b"rtype", b"doc"];

/// The C of all blocks.
pub(super) fn c_inside(source: &[u8]) -> Option<Vec<u8>> {
    let mut scan = Scan { source, mask: Mask::new(source), at: 0, extends: 0 };
    while scan.at < source.len() {
        scan.step();
    }
    scan.mask.finish()
}

/// Where a block's code goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At file scope.
    File,
    /// Into a function.
    Body,
    /// It is not C.
    Nowhere,
}

struct Scan<'a> {
    source: &'a [u8],
    mask: Mask<'a>,
    at: usize,
    /// Open braces since an `%extend`, whose content is C at file scope.
    extends: usize,
}

impl Scan<'_> {
    fn rest(&self) -> &[u8] {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn step(&mut self) {
        let start = self.at;
        match self.source[start] {
            b'/' if self.rest().starts_with(b"/*") => self.skip_to(2, b"*/"),
            b'/' if self.rest().starts_with(b"//") => self.skip_to(2, b"\n"),
            quote @ (b'"' | b'\'') => {
                self.at = quoted(self.source, start + 1, quote);
                self.in_extend(start, self.at);
            }
            b'%' => self.directive(),
            b'#' => self.preprocessor(),
            byte => {
                self.at += 1;
                self.brace(byte);
                self.in_extend(start, self.at);
            }
        }
    }

    /// What stands in an `%extend` is C.
    fn in_extend(&mut self, from: usize, to: usize) {
        if self.extends > 0 {
            self.mask.keep(from..to);
        }
    }

    fn brace(&mut self, byte: u8) {
        if self.extends == 0 {
            return;
        }
        match byte {
            b'{' => self.extends += 1,
            b'}' => self.extends -= 1,
            _ => {}
        }
    }

    fn skip_to(&mut self, skip: usize, end: &[u8]) {
        let rest = self.source.get(self.at + skip..).unwrap_or_default();
        let found = memchr::memmem::find(rest, end);
        self.at = found.map_or(self.source.len(), |step| self.at + skip + step + end.len());
    }

    /// `#if` and its like choose blocks; other lines are SWIG's business.
    fn preprocessor(&mut self) {
        let start = self.at;
        self.skip_to(1, b"\n");
        let line = &self.source[start..self.at];
        let word = line[1..].trim_ascii_start();
        if [&b"if"[..], b"el", b"endif"].iter().any(|known| word.starts_with(known)) && is_first(self.source, start) {
            self.mask.keep(start..self.at);
        }
    }

    fn directive(&mut self) {
        let start = self.at;
        if self.rest().starts_with(b"%{") {
            return self.block(start, Place::File);
        }
        let rest = &self.source[start + 1..];
        let length =
            rest.iter().position(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'_')).unwrap_or(rest.len());
        let name = &rest[..length];
        self.at = start + 1 + length;
        let argument = self.argument();
        let place = match name {
            b"insert" if argument.starts_with(b"py") => Place::Nowhere,
            b"insert" | b"fragment" if memchr::memmem::find(argument, b"init").is_some() => Place::Body,
            b"inline" | b"begin" | b"header" | b"runtime" | b"wrapper" | b"insert" | b"fragment" => Place::File,
            b"typemap" if FOREIGN_TYPEMAPS.iter().any(|known| argument.starts_with(known)) => Place::Nowhere,
            b"typemap" | b"init" | b"exception" | b"except" => Place::Body,
            b"feature" if argument.starts_with(b"except") || argument.starts_with(b"action") => Place::Body,
            b"feature" => Place::Nowhere,
            b"extend" | b"addmethods" => return self.extend(),
            _ if NOT_C.contains(&name) => Place::Nowhere,
            _ => return,
        };
        self.block(start, place);
    }

    /// The text behind a parenthesis at the current place, without a quote in front.
    fn argument(&self) -> &[u8] {
        let inside = self.rest().trim_ascii_start().strip_prefix(b"(").unwrap_or_default();
        let inside = inside.trim_ascii_start();
        let inside = inside.strip_prefix(b"\"").unwrap_or(inside);
        let end =
            inside.iter().take(256).position(|byte| matches!(byte, b')' | b'\n')).unwrap_or(inside.len().min(256));
        &inside[..end]
    }

    /// `%extend X {`: what follows is C until its brace closes.
    fn extend(&mut self) {
        let open = self.rest().iter().take(256).position(|byte| matches!(byte, b'{' | b';' | b'%'));
        if let Some(step) = open.filter(|step| self.rest()[*step] == b'{') {
            self.at += step + 1;
            self.extends += 1;
        }
    }

    /// The block of the directive that starts at `start`, up to which only its header stands.
    fn block(&mut self, start: usize, place: Place) {
        let Some(open) = self.opening() else { return };
        let (from, to, end) = match self.source[open] {
            b'%' => self.between(open + 2, b"%}"),
            b'{' => {
                let close = closing_brace(self.source, open);
                (open + 1, close, (close + 1).min(self.source.len()))
            }
            quote => {
                let end = quoted(self.source, open + 1, quote);
                (open + 1, end.saturating_sub(1).max(open + 1), end)
            }
        };
        self.at = end;
        if place == Place::Nowhere {
            return;
        }
        self.mask.keep(from..to);
        self.c_directives(from, to);
        if place == Place::Body {
            self.function(start, open, from - 1, to);
        }
    }

    /// Makes a function of the code between the braces at `brace` and `end`. The last parenthesis of a typemap's
    /// header declares its variables.
    fn function(&mut self, start: usize, open: usize, brace: usize, end: usize) {
        let header = self.source[start..open].trim_ascii_end();
        let parameters = header.ends_with(b")").then(|| opening_parenthesis(header)).flatten();
        match parameters.filter(|at| *at > 9) {
            Some(at) => {
                self.mask.put(start + at - 1, b"_");
                self.mask.keep(start + at..start + header.len());
            }
            None => self.mask.put(start, b"_()"),
        }
        self.mask.put(brace, b"{");
        self.mask.put(end, b"}");
    }

    /// The start of the block: `{`, `%{` or a quote, if one comes before the directive ends.
    fn opening(&self) -> Option<usize> {
        let mut depth = 0_usize;
        for (step, byte) in self.rest().iter().enumerate().take(4096) {
            match byte {
                b'(' => depth += 1,
                b')' => depth = depth.saturating_sub(1),
                b'{' | b'"' if depth == 0 => return Some(self.at + step),
                b'%' if depth == 0 && self.source.get(self.at + step + 1) == Some(&b'{') => {
                    return Some(self.at + step);
                }
                b';' | b'%' | b'#' if depth == 0 => return None,
                _ => {}
            }
        }
        None
    }

    fn between(&self, from: usize, end: &[u8]) -> (usize, usize, usize) {
        let rest = self.source.get(from..).unwrap_or_default();
        match memchr::memmem::find(rest, end) {
            Some(step) => (from, from + step, from + step + end.len()),
            None => (from, self.source.len(), self.source.len()),
        }
    }

    /// `%#if` inside a block is `#if` in what SWIG writes.
    fn c_directives(&mut self, from: usize, to: usize) {
        for step in memchr::memmem::find_iter(&self.source[from..to], b"%#") {
            self.mask.put(from + step, b" ");
        }
    }
}

/// Whether nothing but white space is before `at` on its line.
fn is_first(source: &[u8], at: usize) -> bool {
    source[..at].iter().rev().take(256).find(|byte| !matches!(byte, b' ' | b'\t')).is_none_or(|byte| *byte == b'\n')
}

/// The position after the quote that closes a string whose content starts at `at`.
fn quoted(source: &[u8], mut at: usize, quote: u8) -> usize {
    while let Some(step) = source.get(at..).and_then(|rest| memchr::memchr2(quote, b'\\', rest)) {
        at += step;
        if source[at] == quote {
            return at + 1;
        }
        at += 2;
    }
    source.len()
}

/// The position of the brace that closes the one at `open`, comments and strings skipped, or the end.
fn closing_brace(source: &[u8], open: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = open;
    while let Some(&byte) = source.get(at) {
        at += 1;
        match byte {
            b'{' => depth += 1,
            b'}' if depth <= 1 => return at - 1,
            b'}' => depth -= 1,
            b'/' if source.get(at) == Some(&b'*') => {
                let rest = source.get(at + 1..).unwrap_or_default();
                at = memchr::memmem::find(rest, b"*/").map_or(source.len(), |step| at + step + 3);
            }
            b'/' if source.get(at) == Some(&b'/') => {
                at = memchr::memchr(b'\n', &source[at..]).map_or(source.len(), |step| at + step);
            }
            b'"' | b'\'' => {
                // A lone quote, as in `don't`, ends with its line.
                let line = memchr::memchr(b'\n', &source[at..]).map_or(source.len(), |step| at + step);
                at = quoted(&source[..line], at, byte);
            }
            _ => {}
        }
    }
    source.len()
}

/// Where the parenthesis opens that the text ends with.
fn opening_parenthesis(text: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.iter().enumerate().rev() {
        match byte {
            b')' => depth += 1,
            b'(' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}
