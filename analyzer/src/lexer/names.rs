//! Identifiers as small numbers, with what is known about each looked up once.

use std::borrow::Cow;
use std::cell::RefCell;
use std::hash::Hasher;

use capi::{Item, Structure};
use hashbrown::{HashMap, HashTable};
use rustc_hash::{FxBuildHasher, FxHasher};

use super::Word;
use crate::effort::{Effort, Remaining};

/// An identifier of one package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Sym(u32);

impl Sym {
    /// As a number of 32 bits.
    pub(crate) fn number(self) -> u32 {
        self.0
    }

    /// The identifier that [`Sym::number`] made a number of.
    pub(crate) fn of_number(number: u32) -> Self {
        Self(number)
    }

    /// No identifier.
    pub(crate) const NONE: Self = Self(u32::MAX);
    /// `operator->`, as a member's name; the following likewise.
    pub(crate) const ARROW: Self = Self(0);
    /// `operator*` without operands.
    pub(crate) const STAR: Self = Self(1);
    /// `operator[]`
    pub(crate) const INDEX: Self = Self(2);
    /// `operator()`
    pub(crate) const CALL: Self = Self(3);

    /// Its place in tables by identifier.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// What an identifier means before any declaration is read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Facts {
    /// Its role in the language.
    pub(crate) word: Word,
    /// The C-API item of that name, unless the word is too common to match on.
    pub(crate) item: Option<&'static Item>,
    /// The C-API structure of that typedef name or tag.
    pub(crate) structure: Option<&'static Structure>,
    /// Whether PEP 674 and its like know it as an l-value macro.
    pub(crate) lvalue: bool,
    /// Whether some C-API structure has a member of that name that public headers show.
    pub(crate) member: bool,
    /// The name itself, if any C-API structure has a member that ends in it.
    pub(crate) member_name: Option<&'static str>,
}

/// The names of the operators that have a [`Sym`] of their own, in its order.
const OPERATORS: [&[u8]; 4] = [b"operator->", b"operator*", b"operator[]", b"operator()"];

/// The identifiers of one package.
#[derive(Debug)]
pub(crate) struct Names {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    facts: Vec<Facts>,
    table: HashTable<Sym>,
    /// What is left for the package.
    pub(crate) remaining: Remaining,
    /// Short lists of numbers, each once: the arguments of templates, as their readers write them.
    lists: RefCell<Lists>,
}

/// Lists by number.
#[derive(Debug, Default)]
struct Lists {
    all: Vec<Vec<u64>>,
    numbers: HashMap<Vec<u64>, u32, FxBuildHasher>,
}

impl Default for Names {
    fn default() -> Self {
        Self::within(Effort::Full)
    }
}

impl Names {
    /// No identifiers yet; `effort` bounds what is read into them.
    pub(crate) fn within(effort: Effort) -> Self {
        let mut names = Self {
            bytes: Vec::new(),
            ends: Vec::new(),
            facts: Vec::new(),
            table: HashTable::new(),
            remaining: Remaining::of(effort),
            lists: RefCell::default(),
        };
        for operator in OPERATORS {
            names.intern(operator);
        }
        names
    }

    /// The number of this list.
    pub(crate) fn list(&self, list: Vec<u64>) -> u32 {
        let mut lists = self.lists.borrow_mut();
        if let Some(&number) = lists.numbers.get(&list) {
            return number;
        }
        let number = u32::try_from(lists.all.len()).unwrap_or(u32::MAX);
        lists.all.push(list.clone());
        lists.numbers.insert(list, number);
        number
    }

    /// Entry `at` of list `number`.
    pub(crate) fn list_entry(&self, number: u32, at: usize) -> Option<u64> {
        self.lists.borrow().all.get(number as usize)?.get(at).copied()
    }

    /// The list of this number.
    pub(crate) fn whole_list(&self, number: u32) -> Vec<u64> {
        self.lists.borrow().all.get(number as usize).cloned().unwrap_or_default()
    }

    /// The number of this identifier.
    pub(crate) fn intern(&mut self, text: &[u8]) -> Sym {
        let hash = hash(text);
        let Self { bytes, ends, facts, table, remaining, .. } = self;
        let found = table.find(hash, |&sym| slice(bytes, ends, sym) == text);
        if let Some(&sym) = found {
            return sym;
        }
        let Ok(number) = u32::try_from(ends.len()) else {
            return Sym::NONE;
        };
        remaining.spend_name();
        let sym = Sym(number);
        bytes.extend_from_slice(text);
        ends.push(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        facts.push(Facts::of(text));
        table.insert_unique(hash, sym, |&sym| self::hash(slice(bytes, ends, sym)));
        sym
    }

    /// The number of an identifier that has been seen.
    pub(crate) fn get(&self, text: &[u8]) -> Option<Sym> {
        self.table.find(hash(text), |&sym| slice(&self.bytes, &self.ends, sym) == text).copied()
    }

    /// The identifier as written.
    pub(crate) fn text(&self, sym: Sym) -> Cow<'_, str> {
        String::from_utf8_lossy(self.bytes(sym))
    }

    /// The identifier as written.
    pub(crate) fn bytes(&self, sym: Sym) -> &[u8] {
        slice(&self.bytes, &self.ends, sym)
    }

    /// What is known about it.
    pub(crate) fn facts(&self, sym: Sym) -> Facts {
        self.facts.get(sym.index()).copied().unwrap_or_default()
    }
}

fn slice<'a>(bytes: &'a [u8], ends: &[u32], sym: Sym) -> &'a [u8] {
    let index = sym.index();
    let Some(&end) = ends.get(index) else { return b"" };
    let start = if index == 0 { 0 } else { ends[index - 1] };
    &bytes[start as usize..end as usize]
}

fn hash(text: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text);
    hasher.finish()
}

impl Facts {
    fn of(text: &[u8]) -> Self {
        let word = Word::of(text);
        let Ok(text) = std::str::from_utf8(text) else {
            return Self::default();
        };
        Self {
            word,
            item: capi::item(text).filter(|item| !item.noise),
            structure: capi::structure(text),
            lvalue: capi::lvalue_macro(text).is_some(),
            member: capi::members_named(text).any(|(_, member)| member.internal.is_none()),
            member_name: capi::members_named(text).next().and_then(|(_, member)| member.name.rsplit('.').next()),
        }
    }
}
