//! Free-threaded builds are promised, and the macro is defined for them as well: before 3.15 their headers refuse it.

use crate::declared::{Abi, Declaration, Form, Knob, Says};

use super::facts::{Facts, contradiction};
use super::{Change, Contradiction, Severity};

pub(super) fn rule(facts: &Facts<'_>) -> Vec<Contradiction> {
    let promise = facts.of_form(Form::FreeThreading).next();
    let ships = facts.wheels.unwrap_or_default().iter().any(crate::WheelTag::is_free_threaded);
    let always: Vec<_> = facts.setting(Knob::Macro, Abi::Abi3).filter(|found| is_unconditional(found)).collect();
    if promise.is_none() && !ships || always.is_empty() {
        return Vec::new();
    }
    let who =
        if ships { "wheels for free-threaded Pythons are shipped" } else { "the classifiers name free threading" };
    let explanation = format!(
        "{who}, but Py_LIMITED_API is defined in every build: the headers of free-threaded Pythons before 3.15 refuse it \
         with an error"
    );
    let changes = always.iter().map(|found| change(found)).collect();
    let of: Vec<_> = always.into_iter().chain(promise).collect();
    vec![contradiction(Severity::Error, "free-threaded-build-breaks", explanation, &of, changes)]
}

/// Defined by the project's own hand; tools that make the definition leave it out for such builds.
fn is_unconditional(found: &Declaration) -> bool {
    let by_hand = matches!(
        found.form,
        Form::CMacro | Form::SetuptoolsMacro | Form::CompilerFlag | Form::CmakeMacro | Form::CythonDirective
    );
    by_hand && found.says == Says::On && !found.is_conditional()
}

fn change(found: &Declaration) -> Change {
    let text = match found.form {
        Form::CMacro => format!("#ifndef Py_GIL_DISABLED\n#define Py_LIMITED_API {}\n#endif", found.value),
        Form::CmakeMacro => "if(NOT Python_SOABI MATCHES \"t-\")\n  …\nendif()".to_owned(),
        _ => "if not sysconfig.get_config_var(\"Py_GIL_DISABLED\"):\n    …".to_owned(),
    };
    Change { path: found.path.clone(), line: Some(found.line), text }
}
