//! Members of structures.

use super::declarator::{declared_name, past_group, split_at_commas};
use super::lexer::Token;

/// A member; those of a named inner structure are written `outer.inner`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) name: String,
}

/// The members that the body of a structure declares; those of unnamed inner structures are its own.
pub(super) fn members(body: &[Token<'_>]) -> Vec<Member> {
    let mut all = Vec::new();
    let mut rest = body;
    while !rest.is_empty() {
        let end = member_end(rest);
        let (one, tail) = rest.split_at(end);
        one_declaration(one, &mut all);
        rest = tail;
    }
    all
}

fn member_end(tokens: &[Token<'_>]) -> usize {
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].text {
            "{" | "(" | "[" => at = past_group(tokens, at),
            ";" => return at + 1,
            _ => at += 1,
        }
    }
    tokens.len()
}

fn one_declaration(tokens: &[Token<'_>], all: &mut Vec<Member>) {
    let open = tokens.iter().position(|token| token.text == "{" || token.text == "(");
    let (inner, declarators) = match open.filter(|&at| tokens[at].text == "{") {
        None => (Vec::new(), tokens),
        Some(at) => {
            let close = past_group(tokens, at);
            let body = &tokens[at + 1..close - 1];
            let inner = if is_structure(&tokens[..at]) { members(body) } else { Vec::new() };
            (inner, &tokens[close..])
        }
    };
    let names: Vec<&str> = split_at_commas(declarators)
        .into_iter()
        .filter_map(declared_name)
        .map(|(name, _)| name.text)
        .filter(|name| *name != "int") // an unnamed bit field: `unsigned int :24`
        .collect();
    if names.is_empty() {
        all.extend(inner);
        return;
    }
    for name in names {
        all.push(Member { name: name.to_owned() });
        all.extend(inner.iter().map(|member| Member { name: format!("{name}.{}", member.name) }));
    }
}

fn is_structure(before: &[Token<'_>]) -> bool {
    before.iter().any(|token| token.text == "struct" || token.text == "union")
}

#[cfg(test)]
mod tests {
    use super::super::lexer::lex;
    use super::*;

    fn names(body: &str) -> Vec<String> {
        let text = format!("# 1 \"/inc/x.h\"\n{body}\n");
        members(&lex(&text, "/inc").tokens).into_iter().map(|member| member.name).collect()
    }

    #[test]
    fn plain_members_pointers_arrays_and_bit_fields() {
        assert_eq!(
            names("PyObject ob_base; char *a, b[4]; int (*call)(int, char); unsigned int kind:3; struct _ts *next;"),
            ["ob_base", "a", "b", "call", "kind", "next"]
        );
    }

    #[test]
    fn inner_structures_named_and_unnamed() {
        assert_eq!(names("enum { RED, GREEN } colour; unsigned int :24;"), ["colour"]);
        assert_eq!(
            names(
                "struct { unsigned int kind:3; } state; union { int x; struct { int y; }; }; union { void *any; } data;"
            ),
            ["state", "state.kind", "x", "y", "data", "data.any"]
        );
    }
}
