//! What members and operators of the C++ standard library's templates give: smart pointers, containers, pairs.
//!
//! Told by the template's name alone, as its header is not in the package. Iterators are pointers here.

use crate::lexer::{Names, Sym};
use crate::scan::{Base, Type, template_argument};

/// A template of the standard library, by what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// Points to its first argument.
    Pointer,
    /// Elements of its first argument.
    Sequence,
    /// Elements that are pairs of its first two arguments.
    Map,
    /// Two members.
    Pair,
    /// Called for its first argument, a function.
    Function,
}

fn sort(name: &[u8]) -> Option<Sort> {
    Some(match name {
        b"unique_ptr" | b"shared_ptr" | b"weak_ptr" | b"auto_ptr" | b"optional" | b"reference_wrapper" => Sort::Pointer,
        b"vector" | b"deque" | b"list" | b"forward_list" | b"array" | b"set" | b"multiset" | b"unordered_set"
        | b"initializer_list" | b"span" | b"stack" | b"queue" | b"priority_queue" => Sort::Sequence,
        b"map" | b"multimap" | b"unordered_map" | b"unordered_multimap" => Sort::Map,
        b"pair" => Sort::Pair,
        b"function" => Sort::Function,
        _ => return None,
    })
}

/// The type of member `member` of the template `name` with the arguments `list`; of operators, too.
pub(crate) fn member(names: &Names, name: Sym, list: u32, member: Sym) -> Option<Type> {
    let first = template_argument(names, list, 0);
    let element = element(names, name, list);
    let text = names.bytes(member);
    let ty = match (sort(names.bytes(name))?, text) {
        (Sort::Pointer, b"operator->" | b"get" | b"release") if names.bytes(name) != b"reference_wrapper" => {
            first.pointer(1).as_function()
        }
        (Sort::Pointer, b"operator*" | b"operator[]" | b"value" | b"get") => first.as_function(),
        (Sort::Pointer, b"lock") => Type::of(Base::Applied(names.get(b"shared_ptr")?, list)).as_function(),
        (Sort::Sequence | Sort::Map, b"begin" | b"end" | b"cbegin" | b"cend" | b"rbegin" | b"find" | b"data") => {
            element?.pointer(1).as_function()
        }
        (Sort::Sequence, b"operator[]" | b"at" | b"front" | b"back" | b"top" | b"emplace_back") => {
            element?.as_function()
        }
        (Sort::Pair, b"second") => template_argument(names, list, 1),
        (Sort::Map, b"operator[]" | b"at") => template_argument(names, list, 1).as_function(),
        (Sort::Pair, b"first") | (Sort::Function, b"operator()") => first,
        _ => return None,
    };
    Some(ty)
}

/// What a `for` over the template gives.
pub(crate) fn element(names: &Names, name: Sym, list: u32) -> Option<Type> {
    match sort(names.bytes(name))? {
        Sort::Sequence => Some(template_argument(names, list, 0)),
        Sort::Map => Some(Type::of(Base::Applied(names.get(b"pair").unwrap_or(Sym::NONE), list))),
        _ => None,
    }
}

/// The type of a call of the function `name`, whose first template argument is `given` and first argument `argument`.
pub(crate) fn call(names: &Names, name: Sym, given: Option<u32>, argument: Type) -> Option<Type> {
    let made = |pointer: &[u8]| Some(Type::of(Base::Applied(names.get(pointer)?, given?)));
    match names.bytes(name) {
        b"make_unique" => made(b"unique_ptr"),
        b"make_shared" => made(b"shared_ptr"),
        b"move" | b"forward" | b"exchange" | b"as_const" | b"ref" => Some(argument),
        b"addressof" => Some(argument.address()),
        _ => None,
    }
}

/// Whether the template is known here.
pub(crate) fn is_known(names: &Names, name: Sym) -> bool {
    sort(names.bytes(name)).is_some() || matches!(names.bytes(name), b"make_unique" | b"make_shared" | b"forward")
}
