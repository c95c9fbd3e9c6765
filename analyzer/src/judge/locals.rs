//! The local variables in sight, found by name without a search: every name in the code is looked up.

use crate::lexer::Sym;
use crate::scan::Type;

/// Variables, innermost last.
#[derive(Debug, Clone, Default)]
pub(crate) struct Locals {
    all: Vec<Local>,
    /// The innermost variable of each name, as its place in `all` plus one.
    newest: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Local {
    name: Sym,
    ty: Type,
    /// What `newest` was before.
    hidden: u32,
}

impl Locals {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Declares a variable in the innermost scope.
    pub(crate) fn push(&mut self, (name, ty): (Sym, Type)) {
        if name == Sym::NONE {
            return;
        }
        if self.newest.len() <= name.index() {
            self.newest.resize(name.index() + 1, 0);
        }
        let hidden = self.newest[name.index()];
        self.all.push(Local { name, ty, hidden });
        self.newest[name.index()] = u32::try_from(self.all.len()).unwrap_or(0);
    }

    /// Leaves scopes: keeps the first `length` variables.
    pub(crate) fn truncate(&mut self, length: usize) {
        while self.all.len() > length {
            if let Some(local) = self.all.pop() {
                self.newest[local.name.index()] = local.hidden;
            }
        }
    }

    /// The type of the innermost variable of this name.
    pub(crate) fn get(&self, name: Sym) -> Option<Type> {
        let place = self.newest.get(name.index()).copied().filter(|&place| place > 0)?;
        self.all.get(place as usize - 1).map(|local| local.ty)
    }

    /// The type of the variable at `place`, counted from the outermost, to be changed.
    pub(crate) fn type_at(&mut self, place: usize) -> Option<&mut Type> {
        self.all.get_mut(place).map(|local| &mut local.ty)
    }

    /// The variables, outermost first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Sym, Type)> {
        self.all.iter().map(|local| (local.name, local.ty))
    }

    /// Puts back what [`Locals::iter`] gave before.
    pub(crate) fn put_back(&mut self, kept: &[(Sym, Type)]) {
        let same = self.iter().zip(kept).take_while(|(local, kept)| local == *kept).count();
        self.truncate(same);
        self.extend(kept[same..].iter().copied());
    }
}

impl Extend<(Sym, Type)> for Locals {
    fn extend<T: IntoIterator<Item = (Sym, Type)>>(&mut self, variables: T) {
        variables.into_iter().for_each(|variable| self.push(variable));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::Names;

    #[test]
    fn the_innermost_variable_counts_until_its_scope_is_left() {
        let mut names = Names::default();
        let (x, y) = (names.intern(b"x"), names.intern(b"y"));
        let mut locals = Locals::default();
        locals.push((x, Type::OTHER));
        let kept: Vec<_> = locals.iter().collect();
        locals.extend([(y, Type::OTHER), (x, Type::UNKNOWN)]);
        assert_eq!(locals.get(x), Some(Type::UNKNOWN));
        locals.truncate(2);
        assert_eq!((locals.get(x), locals.get(y)), (Some(Type::OTHER), Some(Type::OTHER)));
        locals.put_back(&kept);
        assert_eq!((locals.get(x), locals.get(y), locals.len()), (Some(Type::OTHER), None, 1));
    }
}
