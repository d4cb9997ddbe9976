//! What `customers rename` did (`acctsnap.customer_change/1`).

use schemars::JsonSchema;
use serde::Serialize;

use super::text::{escape_text, wrap};
use crate::model::ids::CustomerId;

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.customer_change/1";

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CustomerAction {
    /// Another name.
    Renamed,
}

/// What a change of a customer did: the customer as it is now, and what it was before where that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.customer_change/1")]
pub struct CustomerChangeView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// What was asked for.
    pub action: CustomerAction,
    /// Whether anything changed; false where everything was so already.
    pub changed: bool,
    /// Whether everything was taken back.
    pub dry_run: bool,
    /// Our id.
    pub customer_id: CustomerId,
    /// Its name.
    pub customer: String,
    /// Its name until now, where it has another.
    pub previous_name: Option<String>,
    /// What else is to be known.
    pub notes: Vec<String>,
}

/// The lines that a person sees.
#[must_use]
pub fn render(view: &CustomerChangeView, width: usize) -> String {
    let name = escape_text(&view.customer);
    let did = match &view.previous_name {
        Some(before) => {
            format!("was '{}' until now, and goes on being found by that name", escape_text(before))
        }
        None => "has this name already: nothing was changed".to_owned(),
    };
    let mut lines = vec![format!("customer {} '{name}' {did}", view.customer_id)];
    lines.extend(view.notes.iter().map(|note| format!("note: {}", escape_text(note))));
    if view.dry_run {
        lines.push("dry run: nothing was written".to_owned());
    }
    lines.iter().flat_map(|line| wrap(line, width)).map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_it_did_or_that_it_did_nothing() {
        let mut view = CustomerChangeView {
            schema: SCHEMA,
            action: CustomerAction::Renamed,
            changed: true,
            dry_run: true,
            customer_id: CustomerId::new(2),
            customer: "acme".to_owned(),
            previous_name: Some("default\u{1b}".to_owned()),
            notes: vec!["a section".to_owned()],
        };
        let text = render(&view, 500);
        assert_eq!(
            text,
            "customer 2 'acme' was 'default\\u{1b}' until now, and goes on being found by that name\n\
             note: a section\ndry run: nothing was written\n"
        );
        (view.previous_name, view.changed) = (None, false);
        assert!(render(&view, 500).contains("has this name already: nothing was changed"));
    }
}
