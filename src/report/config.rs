//! The settings that hold (`acctsnap.config/1`), and what `config check` and `config init` say.

use schemars::JsonSchema;
use serde::Serialize;

use super::style::{FAINT, styled};
use super::text::{escape_text, grouped, pad_right, width};

/// Name and version of the settings' shape.
pub const SCHEMA: &str = "acctsnap.config/1";
/// Name and version of the shape of what a check says.
pub const CHECK_SCHEMA: &str = "acctsnap.config_check/1";
/// Name and version of the shape of what a new file is told by.
pub const INIT_SCHEMA: &str = "acctsnap.config_init/1";

/// The headers of the settings' CSV.
pub const HEADERS: [&str; 4] = ["key", "value", "origin", "origin_at"];

/// Settings longer than this do not push the origins of all others aside.
const LONGEST_ALIGNED: usize = 44;

/// What a setting was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SettingOrigin {
    /// A flag.
    Flag,
    /// An environment variable.
    Environment,
    /// The configuration file.
    File,
    /// Nobody said anything.
    Default,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SettingView {
    /// Its key, e.g. `cooldown.event_driven`.
    pub key: String,
    /// The value that holds, as text.
    pub value: String,
    /// What it was taken from.
    pub origin: SettingOrigin,
    /// The flag, the variable, or file, line and full key; null for a default.
    pub origin_at: Option<String>,
}

/// What `config check` found: nothing wrong, or it would have ended in an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.config_check/1")]
pub struct CheckView {
    /// Name and version of this shape.
    #[schemars(extend("const" = CHECK_SCHEMA))]
    pub schema: &'static str,
    /// The file that was read; null where there is none, so that the defaults hold.
    pub file: Option<String>,
    /// Where it was looked for, in that order; one place where it was named.
    pub looked_for: Vec<String>,
}

/// What `config init` wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.config_init/1")]
pub struct InitView {
    /// Name and version of this shape.
    #[schemars(extend("const" = INIT_SCHEMA))]
    pub schema: &'static str,
    /// The file.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// False for a dry run.
    pub written: bool,
}

/// The settings as `key = value`.
#[must_use]
pub fn render(settings: &[SettingView]) -> String {
    settings.iter().map(|setting| format!("{}\n", pair(setting))).collect()
}

/// As [`render`], each followed by where it comes from, as a comment.
#[must_use]
pub fn render_explained(settings: &[SettingView]) -> String {
    let pairs: Vec<String> = settings.iter().map(pair).collect();
    let widest = pairs.iter().map(|pair| width(pair)).filter(|width| *width <= LONGEST_ALIGNED).max();
    let lines = settings.iter().zip(&pairs).map(|(setting, pair)| {
        let origin = styled(FAINT, format!("# {}", origin(setting)));
        format!("{}  {origin}\n", pad_right(pair, widest.unwrap_or(0)))
    });
    lines.collect()
}

fn pair(setting: &SettingView) -> String {
    format!("{} = {}", escape_text(&setting.key), escape_text(&setting.value))
}

fn origin(setting: &SettingView) -> String {
    let at = setting.origin_at.as_deref().map(escape_text).unwrap_or_default();
    match setting.origin {
        SettingOrigin::Flag => format!("flag {at}"),
        SettingOrigin::Environment => format!("environment {at}"),
        SettingOrigin::File => at.into_owned(),
        SettingOrigin::Default => "default".to_owned(),
    }
}

/// What a person sees of a check.
#[must_use]
pub fn render_check(view: &CheckView) -> String {
    match &view.file {
        Some(file) => format!("{}: ok\n", escape_text(file)),
        None => {
            let places: Vec<_> = view.looked_for.iter().map(|place| escape_text(place)).collect();
            format!("no configuration file ({}): the defaults hold\n", places.join(", "))
        }
    }
}

/// What a person sees of a new file.
#[must_use]
pub fn render_init(view: &InitView) -> String {
    let file = escape_text(&view.file);
    match view.written {
        true => format!("wrote {file}: every key, commented\n"),
        false => {
            format!(
                "would write {file}, {} bytes        dry run: nothing was written\n",
                grouped(&view.bytes.to_string())
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::style::plain;

    fn setting(key: &str, value: &str, origin: SettingOrigin, at: Option<&str>) -> SettingView {
        SettingView { key: key.to_owned(), value: value.to_owned(), origin, origin_at: at.map(str::to_owned) }
    }

    #[test]
    fn origins_stand_under_each_other_and_a_long_value_does_not_push_them_away() {
        let settings = [
            setting("actor", "jo\u{1b}", SettingOrigin::Environment, Some("ACCTSNAP_ACTOR")),
            setting("cooldown.rag_auto", "30m", SettingOrigin::Default, None),
            setting(
                "missing.tokens",
                &"N/A, ".repeat(20),
                SettingOrigin::File,
                Some("a.toml:3 (missing.tokens)"),
            ),
            setting("customer", "acme", SettingOrigin::Flag, Some("--customer")),
        ];
        let text = plain(&render_explained(&settings));
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], r"actor = jo\u{1b}         # environment ACCTSNAP_ACTOR");
        assert_eq!(lines[1], "cooldown.rag_auto = 30m  # default");
        assert!(lines[2].ends_with("N/A,   # a.toml:3 (missing.tokens)"), "{}", lines[2]);
        assert_eq!(lines[3], "customer = acme          # flag --customer");
        assert_eq!(render(&settings[3..]), "customer = acme\n");
    }
}
