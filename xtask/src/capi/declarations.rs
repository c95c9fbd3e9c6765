//! Declarations at file scope, as far as CPython's headers need: what each one names, and as what.

use std::collections::BTreeMap;

use capi::ItemKind;

use super::declarator::{
    declaration_end, declared_name, is_identifier, names_more, past_group, return_type, split_at_commas,
    without_attributes,
};
use super::lexer::Token;
use super::members::{Member, members};

/// What a set of headers declares.
#[derive(Debug, Default)]
pub(super) struct Declared {
    /// The kinds of each name, each with the first header that shows it.
    pub(super) names: BTreeMap<String, Vec<(ItemKind, String)>>,
    /// The members of each structure by its tag and by its typedef names.
    pub(super) structures: BTreeMap<String, Vec<Member>>,
    /// What each function returns.
    pub(super) returns: BTreeMap<String, String>,
    /// The tag behind each typedef of a structure.
    tags: BTreeMap<String, String>,
}

/// Reads the declarations of `tokens`.
pub(super) fn declarations(tokens: &[Token<'_>]) -> Declared {
    let mut declared = Declared::default();
    let mut rest = tokens;
    while !rest.is_empty() {
        let end = declaration_end(rest);
        let (one, tail) = rest.split_at(end);
        declared.declare(&without_attributes(one));
        rest = tail;
    }
    declared.name_structures_by_typedef();
    declared
}

impl Declared {
    fn add(&mut self, name: &Token<'_>, kind: ItemKind) {
        let kinds = self.names.entry(name.text.to_owned()).or_default();
        if kinds.iter().all(|(known, _)| *known != kind) {
            kinds.push((kind, name.header.to_owned()));
        }
    }

    fn declare(&mut self, tokens: &[Token<'_>]) {
        let Some(first) = tokens.first() else { return };
        if first.text == "_Static_assert" || first.text == ";" {
            return;
        }
        let types = self.type_definitions(tokens);
        // Without bodies of structures and enums, what is left is specifiers and declarators.
        let mut plain = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            if tokens[at].text == "{" {
                at = past_group(tokens, at);
            } else {
                plain.push(tokens[at]);
                at += 1;
            }
        }
        let is_typedef = plain.iter().any(|token| token.text == "typedef");
        let has_body = !is_typedef && tokens.last().is_some_and(|token| token.text == "}");
        for (position, declarator) in split_at_commas(&plain).into_iter().enumerate() {
            let Some((name, is_function)) = declared_name(declarator) else {
                continue;
            };
            if position == 0 && types.keyword.is_some_and(|keyword| !names_more(declarator, keyword)) {
                continue; // `struct x;` and `struct x {…};` declare the tag alone
            }
            let kind = match (is_typedef, is_function, has_body) {
                (true, ..) => ItemKind::Typedef,
                (false, true, true) => ItemKind::InlineFunction,
                (false, true, false) => ItemKind::Function,
                (false, false, _) => ItemKind::Data,
            };
            self.add(name, kind);
            if is_typedef && !is_function {
                self.typedef_of(name, &types, declarator);
            }
            if is_function && !is_typedef {
                self.returns.insert(name.text.to_owned(), return_type(declarator, name));
            }
        }
    }

    /// Records the tags, enumerators and members that the declaration defines.
    fn type_definitions<'a>(&mut self, tokens: &[Token<'a>]) -> Types<'a> {
        let mut types = Types::default();
        let mut at = 0;
        while at < tokens.len() {
            let keyword = tokens[at].text;
            if keyword == "(" {
                // The tags of parameters are not names at file scope.
                at = past_group(tokens, at);
                continue;
            }
            if !matches!(keyword, "struct" | "union" | "enum") {
                at += 1;
                continue;
            }
            let tag = tokens.get(at + 1).filter(|token| is_identifier(token.text));
            let open = at + 1 + usize::from(tag.is_some());
            let kind = if keyword == "enum" { ItemKind::Enum } else { ItemKind::Structure };
            types.keyword.get_or_insert(keyword);
            if let Some(tag) = tag {
                types.tag.get_or_insert(tag.text);
                self.add(tag, kind);
            }
            if tokens.get(open).is_none_or(|token| token.text != "{") {
                at += 1;
                continue;
            }
            let close = past_group(tokens, open);
            let body = &tokens[open + 1..close - 1];
            if kind == ItemKind::Enum {
                self.enumerators(body);
            } else {
                types.members = Some(members(body));
                if let Some(tag) = tag {
                    self.structures.insert(tag.text.to_owned(), members(body));
                }
            }
            types.anonymous = tag.is_none().then_some(kind).or(types.anonymous);
            at = close;
        }
        types
    }

    fn enumerators(&mut self, body: &[Token<'_>]) {
        for enumerator in split_at_commas(body) {
            if let Some(name) = enumerator.first().filter(|token| is_identifier(token.text)) {
                self.add(name, ItemKind::EnumConstant);
            }
        }
    }

    fn typedef_of(&mut self, name: &Token<'_>, types: &Types<'_>, declarator: &[Token<'_>]) {
        if declarator.iter().any(|token| token.text == "*") {
            return;
        }
        if let Some(kind) = types.anonymous {
            self.add(name, kind); // clang names an untagged structure by its typedef
        }
        match (&types.members, types.tag) {
            (Some(members), None) => {
                self.structures.insert(name.text.to_owned(), members.clone());
            }
            (_, Some(tag)) => {
                self.tags.insert(name.text.to_owned(), tag.to_owned());
            }
            (None, None) => {
                let before = declarator.iter().take_while(|token| !std::ptr::eq(*token, name));
                if let Some(aliased) = before.last().filter(|token| is_identifier(token.text)) {
                    self.tags.insert(name.text.to_owned(), aliased.text.to_owned());
                }
            }
        }
    }

    fn name_structures_by_typedef(&mut self) {
        for (typedef, tag) in &self.tags {
            let mut tag = tag;
            while let (None, Some(next)) = (self.structures.get(tag), self.tags.get(tag)) {
                if next == tag {
                    break;
                }
                tag = next;
            }
            if let Some(members) = self.structures.get(tag).cloned() {
                self.structures.entry(typedef.clone()).or_insert(members);
            }
        }
    }
}

/// The structure or enum that a declaration mentions.
#[derive(Default)]
struct Types<'a> {
    keyword: Option<&'a str>,
    tag: Option<&'a str>,
    anonymous: Option<ItemKind>,
    members: Option<Vec<Member>>,
}

#[cfg(test)]
mod tests {
    use super::super::lexer::lex;
    use super::*;

    fn read(code: &str) -> Declared {
        let text = format!("# 1 \"/inc/x.h\"\n{code}\n");
        declarations(&lex(&text, "/inc").tokens)
    }

    fn kinds(declared: &Declared, name: &str) -> Vec<ItemKind> {
        declared.names.get(name).map(|k| k.iter().map(|(kind, _)| *kind).collect()).unwrap_or_default()
    }

    #[test]
    fn functions_and_data() {
        let found = read(
            "extern __attribute__((visibility(\"default\"))) PyObject * PyList_New(Py_ssize_t size);\n\
             extern PyTypeObject PyList_Type; extern int a, *b, c[3];\n\
             static inline int Py_IS_TYPE(PyObject *o) { if (o) { return 1; } return 0; }\n\
             extern void (*PyOS_InputHook)(void); int (Py_Two)(int x);",
        );
        assert_eq!(kinds(&found, "PyList_New"), [ItemKind::Function]);
        assert_eq!(found.returns["PyList_New"], "PyObject *");
        for name in ["PyList_Type", "a", "b", "c"] {
            assert_eq!(kinds(&found, name), [ItemKind::Data], "{name}");
        }
        assert_eq!(kinds(&found, "Py_IS_TYPE"), [ItemKind::InlineFunction]);
        assert_eq!(kinds(&found, "PyOS_InputHook"), [ItemKind::Data]);
        assert_eq!(kinds(&found, "Py_Two"), [ItemKind::Function]);
        assert_eq!(kinds(&found, "size"), []);
    }

    #[test]
    fn types_tags_and_enumerators() {
        let found = read(
            "typedef struct _object PyObject; typedef struct { int a; } Anonymous; struct only_tag;\n\
             typedef PyObject *(*unaryfunc)(PyObject *); typedef int inquiry(void);\n\
             typedef enum { RED, GREEN = 4 } Colour; enum named { BLUE };\n\
             typedef PyObject Alias; struct _object { int ob_refcnt; };",
        );
        for name in ["PyObject", "unaryfunc", "inquiry", "Alias"] {
            assert_eq!(kinds(&found, name), [ItemKind::Typedef], "{name}");
        }
        assert_eq!(kinds(&found, "Anonymous"), [ItemKind::Typedef, ItemKind::Structure]);
        assert_eq!(kinds(&found, "Colour"), [ItemKind::Typedef, ItemKind::Enum]);
        for name in ["_object", "only_tag"] {
            assert_eq!(kinds(&found, name), [ItemKind::Structure], "{name}");
        }
        for name in ["RED", "GREEN", "BLUE"] {
            assert_eq!(kinds(&found, name), [ItemKind::EnumConstant], "{name}");
        }
        assert_eq!(found.structures["PyObject"].len(), 1);
        assert_eq!(found.structures["Alias"].len(), 1);
    }
}
