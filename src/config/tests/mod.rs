//! Tables over whole configuration texts, through the room's own door.

mod errors;
mod precedence;
mod sections;
mod template;

use std::path::Path;

use super::{Config, Origin};
use crate::error::Error;

const FILE: &str = "etc/snapshots.toml";

fn parse(text: &str) -> Config {
    Config::parse(text, Path::new(FILE)).unwrap()
}

fn parse_error(text: &str) -> Error {
    Config::parse(text, Path::new(FILE)).unwrap_err()
}

fn file(line: u32, key: &str) -> Origin {
    Origin::File { path: FILE.into(), line, key: key.to_owned() }
}
