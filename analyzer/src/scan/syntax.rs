//! Small readers over token slices: matching brackets, specifiers, declarators. None of them recurses.

use crate::lexer::{Kind, Names, Sym, Token, Word};

use super::types::{Base, Type};

/// How far a reader looks for a closing bracket: a bound on the work for hostile input.
const REACH: usize = 4096;

/// The storage class and kin in front of a declaration.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Storage {
    /// `typedef`
    pub(crate) is_typedef: bool,
    /// `extern`, not followed by a string.
    pub(crate) is_extern: bool,
    /// `static`, `thread_local`
    pub(crate) is_static: bool,
}

/// The part of a declaration that all its declarators share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Specifiers {
    /// The type they name.
    pub(crate) base: Type,
    /// Whether it is `auto`.
    pub(crate) is_auto: bool,
    /// Storage class.
    pub(crate) storage: Storage,
    /// Index of the first token after them.
    pub(crate) next: usize,
    /// A structure with a body: the index of its `{`.
    pub(crate) body: Option<Body>,
}

/// A structure's or enumeration's body that stands inside specifiers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Body {
    /// Index of the `{`.
    pub(crate) open: usize,
    /// The tag, if it has one.
    pub(crate) tag: Option<Sym>,
    /// Index after the tag: base classes are between this and `open`.
    pub(crate) bases: usize,
    /// `enum`.
    pub(crate) is_enum: bool,
}

/// One declared name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Declarator {
    /// The name.
    pub(crate) name: Sym,
    /// Its index.
    pub(crate) at: usize,
    /// The class in front of `::`, for members defined outside.
    pub(crate) class: Option<Sym>,
    /// The type of the name; for functions, of the function.
    pub(crate) ty: Type,
    /// How many of the type's pointers are array dimensions.
    pub(crate) arrays: u8,
    /// The parameter list of a function, parentheses included.
    pub(crate) parameters: Option<(usize, usize)>,
    /// Index of the first token after it.
    pub(crate) next: usize,
}

/// A reader over the code of one file.
#[derive(Clone, Copy)]
pub(crate) struct Syntax<'a> {
    /// The tokens; the last is [`Kind::End`].
    pub(crate) code: &'a [Token],
    /// What the identifiers are.
    pub(crate) names: &'a Names,
    /// Whether it may be C++: in C, `new` and `this` are names like any other.
    pub(crate) cpp: bool,
    /// How many lists of template arguments are around what is read.
    pub(super) nested: u8,
}

impl<'a> Syntax<'a> {
    /// A reader over `code`.
    pub(crate) fn new(code: &'a [Token], names: &'a Names, cpp: bool) -> Self {
        Self { code, names, cpp, nested: 0 }
    }
}

impl Syntax<'_> {
    /// The kind of the token at `at`.
    pub(crate) fn kind(self, at: usize) -> Kind {
        self.code.get(at).map_or(Kind::End, |t| t.kind)
    }

    /// The role of the token at `at`, if it is an identifier.
    pub(crate) fn word(self, at: usize) -> Option<Word> {
        let token = self.code.get(at).filter(|t| t.is_ident())?;
        let word = self.names.facts(token.sym).word;
        Some(if !self.cpp && word.is_cpp_only() { Word::Name } else { word })
    }

    /// The identifier at `at`; [`Sym::NONE`] if it is none.
    pub(crate) fn sym(self, at: usize) -> Sym {
        self.code.get(at).map_or(Sym::NONE, |t| t.sym)
    }

    /// Whether the token at `at` is an ordinary name.
    pub(crate) fn is_name(self, at: usize) -> bool {
        self.word(at) == Some(Word::Name)
    }

    /// The index of the bracket that closes the one at `open`; `None` if it is too far or missing.
    pub(crate) fn closing(self, open: usize) -> Option<usize> {
        let mut depth = 0_u32;
        for (i, token) in self.code.iter().enumerate().skip(open).take(REACH) {
            match token.kind {
                Kind::LParen | Kind::LBracket | Kind::LBrace => depth += 1,
                Kind::RParen | Kind::RBracket | Kind::RBrace => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(i);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The index after the `>` that closes the `<` at `open`, if this reads as a template's list.
    pub(crate) fn after_template(self, open: usize) -> Option<usize> {
        let mut depth = 0_i32;
        let mut nested = 0_i32;
        for (i, token) in self.code.iter().enumerate().skip(open).take(256) {
            match token.kind {
                Kind::Less if nested == 0 => depth += 1,
                Kind::Greater if nested == 0 => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(i + 1);
                    }
                }
                Kind::LParen | Kind::LBracket => nested += 1,
                Kind::RParen | Kind::RBracket => {
                    nested -= 1;
                    if nested < 0 {
                        return None;
                    }
                }
                Kind::Semi | Kind::LBrace | Kind::RBrace | Kind::End => return None,
                _ => {}
            }
        }
        None
    }

    /// The qualified name at `at`: its last component, the one before it, and the index after it.
    pub(super) fn qualified(self, mut at: usize) -> (Sym, Option<Sym>, usize) {
        let mut name = self.sym(at);
        let mut before = None;
        loop {
            at += 1;
            if self.kind(at) == Kind::Less
                && let Some(after) = self.after_template(at)
                && (self.kind(after) == Kind::Scope || self.can_follow_type(after))
            {
                at = after;
            }
            if self.kind(at) != Kind::Scope || !self.code.get(at + 1).is_some_and(|t| t.is_ident()) {
                return (name, before, at);
            }
            before = Some(name);
            at += 1;
            name = self.sym(at);
        }
    }

    fn can_follow_type(self, at: usize) -> bool {
        matches!(
            self.kind(at),
            Kind::Ident
                | Kind::Star
                | Kind::Amp
                | Kind::AmpAmp
                | Kind::RParen
                | Kind::Comma
                | Kind::Greater
                | Kind::LBrace
                | Kind::End
                | Kind::Semi
                | Kind::Ellipsis
        ) || at >= self.code.len()
    }

    /// Reads the specifiers of a declaration at `at`; `None` if what stands there is not one.
    pub(crate) fn specifiers(self, at: usize) -> Option<Specifiers> {
        let mut read =
            Specifiers { base: Type::UNKNOWN, is_auto: false, storage: Storage::default(), next: at, body: None };
        let mut named = false;
        let mut fixed = false;
        // Real declarations have a handful of specifiers; the bound keeps hostile rows of names linear.
        for _ in 0..32 {
            let at = read.next;
            match self.word(at) {
                Some(Word::Qualifier | Word::Typename) => read.next += 1,
                Some(Word::Static) => {
                    read.storage.is_static = true;
                    read.next += 1;
                }
                Some(Word::Extern) => {
                    let linkage = self.kind(at + 1) == Kind::Str;
                    read.storage.is_extern = !linkage;
                    read.next += if linkage { 2 } else { 1 };
                }
                Some(Word::Typedef) => {
                    read.storage.is_typedef = true;
                    read.next += 1;
                }
                Some(Word::Attribute) => read.next = self.after_group(at + 1),
                // `typedef int Py_ssize_t;`: the second type is the declared name.
                Some(Word::Builtin) if fixed && read.storage.is_typedef && self.is_builtin_item(at) => break,
                Some(Word::Builtin) if !named => {
                    read.base = Type::OTHER;
                    fixed = true;
                    read.next += 1;
                }
                Some(Word::Builtin) if !fixed => {
                    // A macro of the package in front of the type: `API int f(void)`.
                    (read.base, fixed) = (Type::OTHER, true);
                    read.next += 1;
                }
                Some(Word::TypeOf) => {
                    // The initialiser tells as much as the expression would.
                    (read.base, read.is_auto, fixed) = (Type::UNKNOWN, true, true);
                    read.next = self.after_group(at + 1);
                }
                Some(Word::Auto) => {
                    (read.is_auto, fixed) = (true, true);
                    read.next += 1;
                }
                Some(Word::Record | Word::Enum) => {
                    self.tagged(&mut read);
                    fixed = true;
                    if read.body.is_some() {
                        return Some(read);
                    }
                }
                Some(Word::Name) if !fixed => {
                    if !self.named(&mut read, &mut named) {
                        break;
                    }
                }
                _ => break,
            }
        }
        (named || fixed).then_some(read)
    }

    /// Whether the name at `at` is one of CPython's names for numbers, which are read as keywords.
    pub(super) fn is_builtin_item(self, at: usize) -> bool {
        self.word(at) == Some(Word::Builtin) && self.names.facts(self.sym(at)).item.is_some()
    }

    /// The index after the group that opens at `open`, or `open` if none does.
    pub(super) fn after_group(self, open: usize) -> usize {
        match self.kind(open) {
            Kind::LParen => self.closing(open).map_or(open + 1, |close| close + 1),
            _ => open,
        }
    }

    /// Reads `struct X`, `class EXPORT X final : Base {`, `enum class E : int {`.
    fn tagged(self, read: &mut Specifiers) {
        let is_enum = self.word(read.next) == Some(Word::Enum);
        let mut at = read.next + 1;
        let mut tag = None;
        for _ in 0..8 {
            match self.word(at) {
                Some(Word::Record | Word::Qualifier) => at += 1,
                Some(Word::Attribute) => at = self.after_group(at + 1),
                // The last of several names before the body is the tag; before that come export macros.
                Some(Word::Name) if tag.is_none() || self.opens_body_after(at) => {
                    let (name, _, after) = self.qualified(at);
                    tag = Some(name);
                    at = after;
                }
                _ => break,
            }
        }
        let bases = at;
        let open = match self.kind(at) {
            Kind::LBrace => Some(at),
            Kind::Colon => (at..self.code.len().min(at + 64)).find(|&i| self.kind(i) == Kind::LBrace).filter(|&open| {
                !self.code[at..open].iter().any(|t| matches!(t.kind, Kind::Semi | Kind::RParen | Kind::Assign))
            }),
            _ => None,
        };
        read.base = match tag {
            _ if is_enum => Type::OTHER,
            Some(tag) => Type::of(Base::Tag(tag)),
            None => Type::UNKNOWN,
        };
        // `template <> struct X<int> {`: another structure than X.
        let is_special = open.is_some() && self.cpp && self.kind(at.wrapping_sub(1)) == Kind::Greater;
        let tag = tag.filter(|_| !is_special);
        read.next = at;
        read.body = open.map(|open| Body { open, tag, bases, is_enum });
    }

    fn opens_body_after(self, at: usize) -> bool {
        matches!(self.kind(at + 1), Kind::LBrace | Kind::Colon)
            || self.word(at + 1) == Some(Word::Qualifier) && self.opens_body_after_qualifier(at + 2)
    }

    fn opens_body_after_qualifier(self, at: usize) -> bool {
        matches!(self.kind(at), Kind::LBrace | Kind::Colon)
    }

    /// Reads one name among the specifiers; `false` if it is the declared name, or no declaration at all.
    fn named(self, read: &mut Specifiers, named: &mut bool) -> bool {
        let (name, _, after) = self.qualified(read.next);
        if *named && self.is_structure(read.base) && self.names.facts(name).structure.is_none() {
            // `PyTypeObject X __attribute__((unused))`: the type is there.
            return false;
        }
        match self.kind(after) {
            Kind::Ident if self.word(after) != Some(Word::Operator) || !*named => {}
            Kind::Star | Kind::Amp | Kind::AmpAmp => {}
            Kind::LParen if !*named => return self.macro_type(read, after, named),
            // `std::vector<int> x`: the template list was part of the name, and then comes an identifier.
            _ => return false,
        }
        read.base = Type::of(self.named_type(name, read.next, after));
        read.next = after;
        *named = true;
        true
    }

    /// Whether the type is the name of one of CPython's structures.
    fn is_structure(self, ty: Type) -> bool {
        matches!(ty.base, Base::Named(name) if self.names.facts(name).structure.is_some())
    }

    /// `PyAPI_FUNC(PyObject *) f(…)`: a macro around the type, or one whose argument says nothing.
    fn macro_type(self, read: &mut Specifiers, open: usize, named: &mut bool) -> bool {
        let Some(close) = self.closing(open) else { return false };
        if !matches!(self.kind(close + 1), Kind::Ident | Kind::Star)
            || self.word(close + 1).is_some_and(|w| !can_be_declared(w))
        {
            return false;
        }
        read.base = self.type_name(open + 1, close).unwrap_or(Type::UNKNOWN);
        read.next = close + 1;
        *named = true;
        true
    }

    /// The type named by all of `from..to`: `const struct X *`, `PyObject **`, `void (*)(int)`.
    pub(crate) fn type_name(self, from: usize, to: usize) -> Option<Type> {
        let inside = Syntax { code: self.code.get(..to)?, ..self };
        if let Some(read) = inside.specifiers(from) {
            let (pointers, at) = inside.pointers(read.next);
            if at == to {
                return Some(read.base.pointer(pointers));
            }
            let is_function = inside.kind(at) == Kind::LParen;
            return is_function.then(|| read.base.pointer(pointers).as_function());
        }
        // A single name.
        let mut at = from;
        while matches!(inside.word(at), Some(Word::Qualifier | Word::Typename | Word::Static))
            || inside.kind(at) == Kind::Scope
        {
            at += 1;
        }
        if !inside.is_name(at) {
            return None;
        }
        let (name, _, end) = inside.qualified(at);
        let (pointers, after) = inside.pointers(end);
        (after == to).then(|| Type::of(inside.named_type(name, at, end)).pointer(pointers))
    }

    /// Pointers and qualifiers at `at`: how many, and the index after them. References count nothing.
    pub(crate) fn pointers(self, mut at: usize) -> (u8, usize) {
        let mut pointers = 0_u8;
        loop {
            match self.kind(at) {
                Kind::Star => pointers = pointers.saturating_add(1),
                Kind::Amp | Kind::AmpAmp => {}
                Kind::Ident if self.word(at) == Some(Word::Qualifier) => {}
                _ => return (pointers, at),
            }
            at += 1;
        }
    }
}

/// Whether a word can stand where a declared name is expected.
fn can_be_declared(word: Word) -> bool {
    matches!(word, Word::Name | Word::Qualifier | Word::Attribute | Word::Operator)
}
