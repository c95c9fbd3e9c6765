//! Preprocessor conditions in words, where they are short enough for words.

/// `python < 3.9` as "only below Python 3.9"; what has no short words stays the expression of the contract.
pub(crate) fn in_words(condition: &str) -> String {
    match condition {
        "always" | "" => return "always".to_owned(),
        "never" => return "never compiled".to_owned(),
        "unknown" => return "could not be told".to_owned(),
        _ => {}
    }
    if condition.contains(" or ") || condition.contains(['(', ')']) {
        return condition.to_owned();
    }
    let parts: Option<Vec<String>> = condition.split(" and ").map(atom).collect();
    match parts {
        Some(parts) => format!("only {}", parts.join(", ")),
        None => condition.to_owned(),
    }
}

/// One comparison or flag, maybe negated.
fn atom(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [name] => flag(name, true),
        ["not", name] => flag(name, false),
        [name, op, value] => comparison(name, op, value),
        _ => None,
    }
}

fn flag(name: &str, on: bool) -> Option<String> {
    let what = match name {
        "limited" => "the limited API",
        "abi3t" => "abi3t",
        "free_threaded" => "free-threaded builds",
        "debug" => "debug builds",
        "cplusplus" => "C++",
        "cython_limited" => "Cython's limited-API mode",
        _ => return None,
    };
    Some(format!("{} {what}", if on { "with" } else { "without" }))
}

fn comparison(name: &str, op: &str, value: &str) -> Option<String> {
    let what = match name {
        "python" => "Python",
        "limited" => "limited API",
        "platform" | "implementation" => return place(name, op, value),
        _ => return None,
    };
    Some(match op {
        "<" => format!("below {what} {value}"),
        "<=" => format!("up to {what} {value}"),
        ">" => format!("above {what} {value}"),
        ">=" => format!("from {what} {value}"),
        "==" => format!("on {what} {value}"),
        "!=" => format!("not on {what} {value}"),
        _ => return None,
    })
}

fn place(name: &str, op: &str, value: &str) -> Option<String> {
    let value = match (name, value) {
        ("platform", "linux") => "Linux",
        ("platform", "windows") => "Windows",
        ("platform", "macos") => "macOS",
        ("platform", "other") => "systems besides Linux, Windows and macOS",
        ("implementation", "cpython") => "CPython",
        ("implementation", "pypy") => "PyPy",
        ("implementation", "graalpy") => "GraalPy",
        _ => value,
    };
    match op {
        "==" => Some(format!("on {value}")),
        "!=" => Some(format!("not on {value}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_conditions_become_words() {
        assert_eq!(in_words("always"), "always");
        assert_eq!(in_words("python < 3.9"), "only below Python 3.9");
        assert_eq!(
            in_words("python >= 3.12 and implementation == cpython and not limited"),
            "only from Python 3.12, on CPython, without the limited API"
        );
        assert_eq!(in_words("platform != windows"), "only not on Windows");
        assert_eq!(in_words("platform == other"), "only on systems besides Linux, Windows and macOS");
    }

    #[test]
    fn what_has_no_short_words_stays_as_it_is() {
        for expression in [
            "python < 3.9 or platform == windows",
            "(python < 3.9 or debug) and limited",
            "opaque(HAVE_X)",
            "python ~ 3",
        ] {
            assert_eq!(in_words(expression), expression);
        }
    }
}
