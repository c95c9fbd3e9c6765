//! What a package defines itself: macros, each under the conditions of its definitions.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Condition;
use super::directive::{clean, is_name_char};

/// Where the evaluator looks up the package's own macros.
pub trait Macros {
    /// A number that changes whenever an answer could; two different sources of answers never share one.
    fn generation(&self) -> u64;

    /// Everything that is known about a name; `None` if nothing is. What CPython and the compiler define themselves
    /// (`PY_VERSION_HEX`, `Py_LIMITED_API`, `_WIN32`, …) is not looked up.
    fn look_up(&self, name: &str) -> Option<&Macro>;
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
#[derive(Debug, Clone)]
pub struct MacroTable {
    macros: HashMap<String, Macro>,
    generation: u64,
}

/// Different bodies of one macro that are told apart; beyond, nothing is known about it.
const MAX_DEFINITIONS: usize = 32;

static GENERATION: AtomicU64 = AtomicU64::new(1);

fn next_generation() -> u64 {
    GENERATION.fetch_add(1, Ordering::Relaxed)
}

impl Default for MacroTable {
    fn default() -> Self {
        Self { macros: HashMap::new(), generation: next_generation() }
    }
}

impl MacroTable {
    /// `#define`, compiled under `condition`.
    pub fn define(&mut self, name: &str, parameters: Option<Vec<String>>, body: &str, condition: &Condition) {
        let known = self.replace(name, condition);
        let body = body.trim();
        let same = |definition: &&mut Definition| definition.body == body && definition.parameters == parameters;
        if let Some(definition) = known.definitions.iter_mut().find(same) {
            definition.condition = definition.condition.or(condition);
        } else {
            known.definitions.push(Definition { condition: condition.clone(), parameters, body: body.to_owned() });
        }
        if known.definitions.len() > MAX_DEFINITIONS {
            self.macros.remove(name);
        }
    }

    /// `#undef`, compiled under `condition`; with `always` also the way to say that nobody defines a name.
    pub fn undefine(&mut self, name: &str, condition: &Condition) {
        let known = self.replace(name, condition);
        known.undefined = known.undefined.or(condition);
    }

    /// What follows `#define` on its (joined) line: `NAME(a, b) body`. Returns the name, or `None` if there is none.
    pub fn define_line(&mut self, line: &[u8], condition: &Condition) -> Option<String> {
        let text = clean(line);
        let text = text.trim();
        let end = text.find(|c| !is_name_char(c)).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let (parameters, body) = match rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
            Some((list, body)) => (Some(parameters(list)), body),
            None => (None, rest),
        };
        self.define(name, parameters, body, condition);
        Some(name.to_owned())
    }

    /// Takes `condition` away from everything said about `name`.
    fn replace(&mut self, name: &str, condition: &Condition) -> &mut Macro {
        self.generation = next_generation();
        let nothing = || Macro { definitions: Vec::new(), undefined: Condition::never() };
        let known = self.macros.entry(name.to_owned()).or_insert_with(nothing);
        let elsewhere = condition.negate();
        for definition in &mut known.definitions {
            definition.condition = definition.condition.and(&elsewhere);
        }
        known.definitions.retain(|definition| !definition.condition.is_never());
        known.undefined = known.undefined.and(&elsewhere);
        known
    }
}

fn parameters(list: &str) -> Vec<String> {
    list.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

impl Macros for MacroTable {
    fn generation(&self) -> u64 {
        self.generation
    }

    fn look_up(&self, name: &str) -> Option<&Macro> {
        self.macros.get(name)
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
