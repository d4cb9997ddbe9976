//! Every path that a file mentions, in `use` lines, expressions, types and attributes, followed back to the
//! crate's root through `self`, `super`, imports and their aliases.
//!
//! Not followed: type aliases, `<Type>::name`, and paths that only a macro's expansion holds.

use std::collections::HashMap;
use std::ops::Range;

use super::SourceFile;
use super::scanner::code_only;
use super::tokens::{Token, item_end, reads, test_items, tokens};

/// A path somewhere in a file.
#[derive(Debug, Clone)]
pub struct Mention {
    /// From the root: `[crate, store, open]`, or as written where it leads outside: `[std, env]`.
    pub path: Vec<String>,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// It names a macro that is called.
    pub is_macro_call: bool,
    /// It stands under `#[cfg(test)]`.
    pub in_test: bool,
    /// The name under which a `use` brings it in; None elsewhere.
    pub imported_as: Option<String>,
}

/// A file's mentions and the modules that it declares for tests alone.
#[derive(Debug, Default)]
pub struct FilePaths {
    /// In order of place.
    pub mentions: Vec<Mention>,
    /// Modules declared as `#[cfg(test)] mod name;`, from the crate's root.
    pub test_modules: Vec<Vec<String>>,
}

/// A path as written, with the module in which it stands.
struct Written {
    mention: Mention,
    module: Vec<String>,
}

/// Every path of a file; `top_level` are the names of the crate's top-level modules.
pub fn file_paths(file: &SourceFile, top_level: &[String]) -> FilePaths {
    let code = code_only(&file.text);
    let tokens = tokens(&code);
    let tests = test_items(&tokens);
    let mut walk = Walk { tokens: &tokens, tests, written: Vec::new(), test_modules: Vec::new() };
    walk.items(0..tokens.len(), &file.module(), false);
    let Walk { written, test_modules, .. } = walk;
    let resolver = Resolver::new(&written, top_level);
    let resolve = |Written { mention, module }: &Written| Mention {
        path: resolver.resolve(&mention.path, module, 0),
        ..mention.clone()
    };
    FilePaths { mentions: written.iter().map(resolve).collect(), test_modules }
}

struct Walk<'a> {
    tokens: &'a [Token<'a>],
    tests: Vec<Range<usize>>,
    written: Vec<Written>,
    test_modules: Vec<Vec<String>>,
}

impl Walk<'_> {
    /// Walks tokens of one module, going into modules that stand in it.
    fn items(&mut self, range: Range<usize>, module: &[String], in_test: bool) {
        let mut at = range.start;
        while at < range.end {
            let in_test = in_test || self.tests.iter().any(|test| test.contains(&at));
            at = if self.text(at) == "mod" && self.is_name(at + 1) {
                let inner = [module, &[self.text(at + 1).to_owned()]].concat();
                let end = item_end(self.tokens, at);
                if self.text(at + 2) == "{" {
                    self.items(at + 3..end, &inner, in_test);
                } else if in_test {
                    self.test_modules.push(inner);
                }
                end
            } else if self.text(at) == "use" && self.text(at + 1) != "<" {
                self.tree(at + 1, &[], module, in_test)
            } else if self.begins_path(at) {
                self.path(at, module, in_test)
            } else {
                at + 1
            };
        }
    }

    fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.text)
    }

    fn is_name(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(Token::is_word)
    }

    /// A field or method after a dot begins no path, the end of a range does.
    fn begins_path(&self, at: usize) -> bool {
        let before = |back: usize| at.checked_sub(back).map_or("", |place| self.text(place));
        self.is_name(at) && before(1) != "::" && (before(1) != "." || before(2) == ".")
    }

    /// A path outside `use`; gives the place after it.
    fn path(&mut self, mut at: usize, module: &[String], in_test: bool) -> usize {
        let line = self.tokens[at].line;
        let mut path = vec![self.text(at).to_owned()];
        while self.text(at + 1) == "::" && self.is_name(at + 2) {
            at += 2;
            path.push(self.text(at).to_owned());
        }
        let is_macro_call = self.text(at + 1) == "!" && matches!(self.text(at + 2), "(" | "[" | "{");
        if path.len() > 1 || is_macro_call {
            let mention = Mention { path, line, is_macro_call, in_test, imported_as: None };
            self.written.push(Written { mention, module: module.to_vec() });
        }
        at + 1
    }

    /// One tree of a `use`, whose paths begin with `prefix`; gives the place after it.
    fn tree(&mut self, mut at: usize, prefix: &[String], module: &[String], in_test: bool) -> usize {
        let line = self.tokens.get(at).map_or(0, |token| token.line);
        let mut path = prefix.to_vec();
        loop {
            match self.text(at) {
                "::" => at += 1,
                "{" => return self.group(at + 1, &path, module, in_test),
                "self" if !path.is_empty() => at += 1,
                "as" => break,
                "*" => {
                    path.push("*".to_owned());
                    at += 1;
                }
                _ if self.is_name(at) => {
                    path.push(self.text(at).to_owned());
                    at += 1;
                }
                _ => break,
            }
        }
        let mut name = path.last().cloned();
        if self.text(at) == "as" {
            name = Some(self.text(at + 1).to_owned());
            at += 2;
        }
        let mention = Mention { path, line, is_macro_call: false, in_test, imported_as: name };
        self.written.push(Written { mention, module: module.to_vec() });
        at
    }

    fn group(&mut self, mut at: usize, prefix: &[String], module: &[String], in_test: bool) -> usize {
        while at < self.tokens.len() && self.text(at) != "}" {
            at = if self.text(at) == "," {
                at + 1
            } else {
                self.tree(at, prefix, module, in_test).max(at + 1)
            };
        }
        at + 1
    }
}

/// Follows written paths back to the root.
struct Resolver<'a> {
    imports: HashMap<(&'a [String], &'a str), &'a [String]>,
    top_level: &'a [String],
}

impl<'a> Resolver<'a> {
    fn new(written: &'a [Written], top_level: &'a [String]) -> Self {
        let import = |Written { mention, module }: &'a Written| {
            let name = mention.imported_as.as_deref()?;
            Some(((module.as_slice(), name), mention.path.as_slice()))
        };
        Self { imports: written.iter().filter_map(import).collect(), top_level }
    }

    fn resolve(&self, path: &[String], module: &[String], followed: usize) -> Vec<String> {
        let Some((first, rest)) = path.split_first() else { return Vec::new() };
        let from_root = |module: &[String]| [&["crate".to_owned()], module].concat();
        match first.as_str() {
            "crate" | "acctsnap" => [from_root(&[]).as_slice(), rest].concat(),
            "self" if rest.first().is_some_and(|next| next == "super") => {
                self.resolve(rest, module, followed)
            }
            "self" => [from_root(module).as_slice(), rest].concat(),
            "super" => {
                let supers = path.iter().take_while(|segment| *segment == "super").count();
                let parent = &module[..module.len().saturating_sub(supers)];
                [from_root(parent).as_slice(), &path[supers..]].concat()
            }
            name => match self.imports.get(&(module, name)) {
                // An import may lead to another; one that leads to itself (`use rusqlite;`) ends it.
                Some(import) if followed < 4 && import.first() != Some(first) => {
                    self.resolve(&[import, rest].concat(), module, followed + 1)
                }
                None if module.is_empty() && self.top_level.contains(first) => {
                    [from_root(&[]).as_slice(), path].concat()
                }
                _ => path.to_vec(),
            },
        }
    }
}

/// Whether the tokens of a text hold this sequence, and on which lines.
pub fn lines_reading(source: &str, texts: &[&str]) -> Vec<usize> {
    let code = code_only(source);
    let tokens = tokens(&code);
    (0..tokens.len()).filter(|at| reads(&tokens, *at, texts)).map(|at| tokens[at].line).collect()
}
