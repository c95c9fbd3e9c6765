//! Pieces of declarations: where one ends, its declarators, the name each declares.

use super::lexer::Token;

/// How many tokens the first declaration has: up to its `;`, or the `}` that closes a function's body.
pub(super) fn declaration_end(tokens: &[Token<'_>]) -> usize {
    let mut depth = 0_usize;
    let mut after_arguments = false;
    let mut body = false;
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "{" | "(" | "[" => {
                body |= token.text == "{" && depth == 0 && after_arguments;
                depth += 1;
            }
            "}" | ")" | "]" => {
                depth = depth.saturating_sub(1);
                if token.text == "}" && depth == 0 && body {
                    return at + 1;
                }
            }
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
        if depth == 0 {
            after_arguments = token.text == ")";
        }
    }
    tokens.len()
}

/// The tokens without what says nothing about names: `__attribute__((…))`, `__extension__`, `_Alignas(…)`.
pub(super) fn without_attributes<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].text {
            "__extension__" | "__restrict" | "__inline__" => at += 1,
            "__attribute__" | "_Alignas" | "__asm__" => at = past_group(tokens, at + 1),
            _ => {
                kept.push(tokens[at]);
                at += 1;
            }
        }
    }
    kept
}

/// The place after the bracketed group that opens at `at`.
pub(super) fn past_group(tokens: &[Token<'_>], at: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, token) in tokens.iter().enumerate().skip(at) {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return offset + 1;
        }
    }
    tokens.len()
}

pub(super) fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic())
}

/// The parts between the commas that stand outside brackets.
pub(super) fn split_at_commas<'a, 'b>(tokens: &'b [Token<'a>]) -> Vec<&'b [Token<'a>]> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].text {
            "(" | "[" | "{" => at = past_group(tokens, at),
            "," => {
                parts.push(&tokens[start..at]);
                at += 1;
                start = at;
            }
            _ => at += 1,
        }
    }
    parts.push(&tokens[start..]);
    parts
}

/// The name that a declarator declares, and whether it is a function.
///
/// The name is the word before the first `(` that is not part of `(*name)`, else the last word.
pub(super) fn declared_name<'a, 'b>(tokens: &'b [Token<'a>]) -> Option<(&'b Token<'a>, bool)> {
    let mut last = None;
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].text {
            "(" if tokens.get(at + 1).is_some_and(|token| token.text == "*" || token.text == "(") => {
                let inner = &tokens[at + 1..past_group(tokens, at).saturating_sub(1)];
                // `(*name)(…)` is a pointer; `(*name(…))(…)` a function that returns one.
                return declared_name(inner);
            }
            "(" => match last {
                // `int (name)(…)`: a name in brackets against a macro of the same name.
                Some(_) if is_bracketed_name(tokens, at) => return Some((&tokens[at + 1], true)),
                Some(name) => return Some((name, true)),
                None => at = past_group(tokens, at),
            },
            "[" => at = past_group(tokens, at),
            "=" | ":" => break,
            text => {
                if is_identifier(text) {
                    last = Some(&tokens[at]);
                }
                at += 1;
            }
        }
    }
    last.map(|name| (name, false))
}

fn is_bracketed_name(tokens: &[Token<'_>], open: usize) -> bool {
    let text = |offset: usize| tokens.get(open + offset).map(|token| token.text);
    text(1).is_some_and(is_identifier) && text(2) == Some(")") && text(3) == Some("(")
}

/// Whether a declaration that begins with `struct tag` or `enum tag` declares anything else.
pub(super) fn names_more(declarator: &[Token<'_>], keyword: &str) -> bool {
    let Some(at) = declarator.iter().position(|token| token.text == keyword) else {
        return true;
    };
    let words = declarator[at + 1..].iter().filter(|token| token.text != ";").count();
    let tagged = declarator.get(at + 1).is_some_and(|token| is_identifier(token.text));
    let typedef = declarator.iter().any(|token| token.text == "typedef");
    words > usize::from(tagged && !(typedef && words == 1))
}

/// The words before a function's name, without storage classes.
pub(super) fn return_type(declarator: &[Token<'_>], name: &Token<'_>) -> String {
    let before = declarator.iter().take_while(|token| !std::ptr::eq(*token, name));
    let words: Vec<&str> = before
        .map(|token| token.text)
        .filter(|text| !matches!(*text, "extern" | "static" | "inline" | "__inline" | "("))
        .collect();
    words.join(" ").replace("* *", "**")
}
