//! Words of the survey as small numbers, in the order in which they were met. Only added to.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use analyzer::{Kind, Origin};
use hashbrown::HashTable;

/// All words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Vocabulary {
    pub(crate) items: Rows<ItemName>,
    pub(crate) origins: Rows<Origin>,
    pub(crate) conditions: Rows<Arc<str>>,
    /// Identifiers that block.
    pub(crate) names: Words,
    /// Members that block.
    pub(crate) members: Words,
    pub(crate) structures: Words,
    /// Names of members of unknown structures.
    pub(crate) unresolved: Words,
    /// Items by their names, which are not held once more.
    by_name: HashTable<u32>,
    hashing: RandomState,
}

/// What can be used, in which kind of finding.
#[derive(Debug, Clone)]
pub(crate) struct ItemName {
    pub(crate) kind: Kind,
    pub(crate) name: Arc<str>,
}

impl ItemName {
    /// A variable of the project's own, not a name of CPython's.
    pub(crate) fn is_of_the_project(&self) -> bool {
        matches!(self.kind, Kind::StaticType | Kind::ModuleDef | Kind::ExportHook)
    }
}

impl Vocabulary {
    /// Adds an item with the id of its row.
    pub(crate) fn add_item(&mut self, id: i32, item: ItemName) {
        let hash = self.hashing.hash_one(&*item.name);
        let number = self.items.add(id, item);
        let (items, hashing) = (&self.items, &self.hashing);
        let hash_of = |number: &u32| hashing.hash_one(items.get(*number).map_or("", |item| &*item.name));
        self.by_name.insert_unique(hash, number, hash_of);
    }

    /// The items of a name, one for each kind, in whatever order.
    pub(crate) fn named<'v>(&'v self, name: &'v str) -> impl Iterator<Item = u32> + 'v {
        let is_it = move |number: &u32| self.items.get(*number).is_some_and(|item| *item.name == *name);
        self.by_name.iter_hash(self.hashing.hash_one(name)).copied().filter(is_it)
    }
}

/// Rows of a table, by numbers of our own that have no gaps.
#[derive(Debug, Clone)]
pub(crate) struct Rows<T> {
    all: Vec<(i32, T)>,
    numbers: HashMap<i32, u32>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { all: Vec::new(), numbers: HashMap::new() }
    }
}

impl<T> Rows<T> {
    fn add(&mut self, id: i32, value: T) -> u32 {
        let number = number(self.all.len());
        self.all.push((id, value));
        self.numbers.insert(id, number);
        number
    }

    /// Adds a row that is new.
    pub(crate) fn learn(&mut self, id: i32, value: T) {
        if !self.numbers.contains_key(&id) {
            self.add(id, value);
        }
    }

    /// The number of a row.
    pub(crate) fn number(&self, id: i32) -> Option<u32> {
        self.numbers.get(&id).copied()
    }

    /// The id of a row.
    pub(crate) fn id(&self, number: u32) -> i32 {
        self.all.get(number as usize).map_or(0, |(id, _)| *id)
    }

    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        self.all.get(number as usize).map(|(_, value)| value)
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.all.iter().map(|(_, value)| value)
    }
}

/// Words that are no rows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    all: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
}

impl Words {
    /// The number of a word, which is added if it is new.
    pub(crate) fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let (number, word) = (number(self.all.len()), Arc::<str>::from(word));
        self.all.push(Arc::clone(&word));
        self.numbers.insert(word, number);
        number
    }

    /// The number of a word, if it is one.
    pub(crate) fn known(&self, word: &str) -> Option<u32> {
        self.numbers.get(word).copied()
    }

    pub(crate) fn get(&self, number: u32) -> Option<&Arc<str>> {
        self.all.get(number as usize)
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }
}

/// There are never four thousand million words.
fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
