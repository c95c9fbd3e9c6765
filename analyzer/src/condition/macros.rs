//! What a package defines itself: macros, each under the conditions of its definitions.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use hashbrown::HashTable;

use super::Condition;
use super::directive::{clean, is_name_char};
use super::tree::HASHES;

/// Where the evaluator looks up the package's own macros.
pub trait Macros {
    /// A number that changes whenever an answer could; two different sources of answers never share one.
    fn generation(&self) -> u64;

    /// Everything that is known about a name; `None` if nothing is. What CPython and the compiler define themselves
    /// (`PY_VERSION_HEX`, `Py_LIMITED_API`, `_WIN32`, …) is not looked up.
    fn look_up(&self, name: &str) -> Option<&Macro>;

    /// A number that stands for what [`Macros::look_up`] says about a name: the same number, the same answer, even from
    /// another table. 0 where nothing is known.
    fn version(&self, name: &str) -> u64 {
        if self.look_up(name).is_some() { self.generation() } else { 0 }
    }
}

/// A name that is defined, or known not to be, in some builds. Nothing is known in the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Macro {
    /// The definitions in force. Their conditions exclude each other.
    pub definitions: Vec<Definition>,
    /// Where it is known not to be defined.
    pub undefined: Condition,
}

/// One `#define`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Where it is in force.
    pub condition: Condition,
    /// The parameters of a function-like macro.
    pub parameters: Option<Vec<String>>,
    /// What it expands to.
    pub body: String,
}

/// The macros in force at one place of a file: fed with `#define` and `#undef` in their order.
///
/// Files have many more definitions than `#if`s ask about: they are only noted, and read when somebody asks.
#[derive(Debug, Clone)]
pub struct MacroTable {
    /// The lines of all definitions.
    text: String,
    names: Vec<Name>,
    /// Places in `names`.
    index: HashTable<usize>,
    generation: u64,
}

/// What was said about one name.
#[derive(Debug, Clone)]
struct Name {
    spelling: Range<usize>,
    events: Vec<Event>,
    /// The version after some of the events.
    version: Cell<(usize, u64)>,
    /// The macro after all events, if it has been asked for.
    current: OnceCell<State>,
    /// The macro after earlier events, from which the current one is made.
    before: RefCell<Option<State>>,
}

#[derive(Debug, Clone)]
struct Event {
    /// `NAME(a, b) body`; nothing for `#undef`.
    line: Option<Range<usize>>,
    condition: Condition,
}

/// A macro after so many events.
#[derive(Debug, Clone, Default)]
struct State {
    events: usize,
    known: Option<Macro>,
}

/// Different bodies of one macro that are told apart; beyond, nothing is known about it.
const MAX_DEFINITIONS: usize = 32;

static GENERATION: AtomicU64 = AtomicU64::new(1);

fn next_generation() -> u64 {
    GENERATION.fetch_add(1, Ordering::Relaxed)
}

impl Default for MacroTable {
    fn default() -> Self {
        Self { text: String::new(), names: Vec::new(), index: HashTable::new(), generation: next_generation() }
    }
}

impl MacroTable {
    /// `#define`, compiled under `condition`.
    pub fn define(&mut self, name: &str, parameters: Option<Vec<String>>, body: &str, condition: &Condition) {
        let parameters = parameters.map_or_else(String::new, |names| format!("({})", names.join(",")));
        self.note(name, Some(&format!("{name}{parameters} {body}")), condition);
    }

    /// `#undef`, compiled under `condition`; with `always` also the way to say that nobody defines a name.
    pub fn undefine(&mut self, name: &str, condition: &Condition) {
        self.note(name, None, condition);
    }

    /// What follows `#define` on its (joined) line: `NAME(a, b) body`. Returns the name, or `None` if there is none.
    pub fn define_line(&mut self, line: &[u8], condition: &Condition) -> Option<String> {
        let text = plain(line).map_or_else(|| clean(line), Cow::Borrowed);
        let text = text.trim();
        let name = &text[..name_length(text)];
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        self.note(name, Some(text), condition);
        Some(name.to_owned())
    }

    fn note(&mut self, name: &str, line: Option<&str>, condition: &Condition) {
        self.generation = next_generation();
        let line = line.map(|line| append(&mut self.text, line));
        let event = Event { line, condition: condition.clone() };
        let Some(at) = self.place(name) else {
            let name = event
                .line
                .as_ref()
                .map_or_else(|| append(&mut self.text, name), |line| line.start..line.start + name.len());
            return self.insert(name, event);
        };
        let known = &mut self.names[at];
        if let Some(state) = known.current.take() {
            known.before = RefCell::new(Some(state));
        }
        known.events.push(event);
    }

    fn place(&self, name: &str) -> Option<usize> {
        let same = |at: &usize| self.text[self.names[*at].spelling.clone()] == *name;
        self.index.find(HASHES.hash_one(name), same).copied()
    }

    fn insert(&mut self, name: Range<usize>, event: Event) {
        let hash = |name: &Range<usize>| HASHES.hash_one(&self.text[name.clone()]);
        self.index.insert_unique(hash(&name), self.names.len(), |at| hash(&self.names[*at].spelling));
        self.names.push(Name {
            spelling: name,
            events: vec![event],
            version: Cell::new((0, 1)),
            current: OnceCell::new(),
            before: RefCell::new(None),
        });
    }
}

impl Name {
    /// Reads the events that have not been read yet.
    fn current(&self, text: &str) -> &State {
        self.current.get_or_init(|| {
            let mut state = self.before.take().unwrap_or_default();
            for event in &self.events[state.events..] {
                state.known = event.apply(state.known.take(), text);
            }
            state.events = self.events.len();
            state
        })
    }

    fn version(&self, text: &str) -> u64 {
        let (read, version) = self.version.get();
        let follow = |version, event: &Event| {
            HASHES.hash_one((version, event.line.clone().map(|line| &text[line]), &event.condition))
        };
        let version = self.events[read..].iter().fold(version, follow);
        self.version.set((self.events.len(), version));
        version
    }
}

impl Event {
    /// The macro after this.
    fn apply(&self, known: Option<Macro>, text: &str) -> Option<Macro> {
        let nothing = || Macro { definitions: Vec::new(), undefined: Condition::never() };
        let mut known = known.unwrap_or_else(nothing);
        let elsewhere = self.condition.negate();
        for definition in &mut known.definitions {
            definition.condition = definition.condition.and(&elsewhere);
        }
        known.definitions.retain(|definition| !definition.condition.is_never());
        known.undefined = known.undefined.and(&elsewhere);
        match &self.line {
            Some(line) => known.add(Definition::read(&text[line.clone()], &self.condition)),
            None => known.undefined = known.undefined.or(&self.condition),
        }
        (known.definitions.len() <= MAX_DEFINITIONS).then_some(known)
    }
}

impl Macro {
    fn add(&mut self, new: Definition) {
        let same = |old: &&mut Definition| old.body == new.body && old.parameters == new.parameters;
        if let Some(definition) = self.definitions.iter_mut().find(same) {
            definition.condition = definition.condition.or(&new.condition);
        } else {
            self.definitions.push(new);
        }
    }
}

impl Definition {
    fn read(line: &str, condition: &Condition) -> Self {
        let text = clean(line.as_bytes());
        let rest = &text[name_length(&text)..];
        let (parameters, body) = match rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
            Some((list, body)) => (Some(parameters(list)), body),
            None => (None, rest),
        };
        Self { condition: condition.clone(), parameters, body: body.trim().to_owned() }
    }
}

fn append(text: &mut String, more: &str) -> Range<usize> {
    let start = text.len();
    text.push_str(more);
    start..text.len()
}

/// A line whose name can be read without joining lines and without skipping comments.
fn plain(line: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(line).ok()?.trim_start();
    let after = text.as_bytes().get(name_length(text));
    (!text.starts_with(['\\', '/']) && !matches!(after, Some(b'\\' | b'/'))).then_some(text)
}

fn name_length(text: &str) -> usize {
    text.find(|c| !is_name_char(c)).unwrap_or(text.len())
}

fn parameters(list: &str) -> Vec<String> {
    list.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

impl Macros for MacroTable {
    fn generation(&self) -> u64 {
        self.generation
    }

    fn look_up(&self, name: &str) -> Option<&Macro> {
        self.names[self.place(name)?].current(&self.text).known.as_ref()
    }

    fn version(&self, name: &str) -> u64 {
        self.place(name).map_or(0, |at| self.names[at].version(&self.text))
    }
}

/// No macros at all.
impl Macros for () {
    fn generation(&self) -> u64 {
        0
    }

    fn look_up(&self, _: &str) -> Option<&Macro> {
        None
    }
}
