//! Finds the functions of a file and how long they are.

use std::ops::Range;

use super::scanner::code_only;
use super::tokens::{item_end, tokens};

/// A function with a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its name, without the type it belongs to.
    pub name: String,
    /// The line of its `fn`, from 1.
    pub line: usize,
    /// Lines from its `fn` to its closing brace, both counted.
    pub line_count: usize,
    /// The bytes from its `fn` to its closing brace.
    pub bytes: Range<usize>,
}

/// The functions of a source text, nested ones too; declarations without a body are left out.
pub fn functions(source: &str) -> Vec<Function> {
    let code = code_only(source);
    let tokens = tokens(&code);
    let mut functions = Vec::new();
    for (at, pair) in tokens.windows(2).enumerate() {
        let [keyword, name] = pair else { continue };
        if keyword.text != "fn" || !name.is_word() {
            continue; // `fn(u8)` is a type
        }
        let Some(last) = tokens.get(item_end(&tokens, at).saturating_sub(1)).filter(|last| last.text == "}")
        else {
            continue;
        };
        functions.push(Function {
            name: name.text.to_owned(),
            line: keyword.line,
            line_count: last.line - keyword.line + 1,
            bytes: keyword.start..last.start + 1,
        });
    }
    functions
}
