//! What an ingest found out about who is who, as lines after the commit: each of a few, or their number.

use crate::ops::observer::Level;
use crate::store::IdentityNote;

/// Up to so many accounts are told of one by one.
const FEW: usize = 5;

/// What was found out about who is who.
pub(super) fn identity_notes(notes: &[IdentityNote], add: &mut impl FnMut(Level, String, &'static str)) {
    let mut kinds =
        [IdentityNews::ADOPTED, IdentityNews::NAMED, IdentityNews::NAMED_BY_ID, IdentityNews::NAMESAKES];
    for note in notes {
        let (kind, told, name) = match note {
            IdentityNote::Adopted { name, external_id } => {
                (0, format!("account {name} took the external id {external_id}"), name)
            }
            IdentityNote::Named { name, external_id } => (
                1,
                format!("account {external_id} was known by its id alone: its name is {name} from now on"),
                name,
            ),
            IdentityNote::NamedById { name, external_id } => (
                2,
                format!(
                    "'{external_id}' stands where a name is expected, and is the external id of {name}: read so"
                ),
                name,
            ),
            IdentityNote::NamesakeCreated { name, external_id } => {
                let told = format!(
                    "{external_id} is another account than the known '{name}': two accounts bear this name"
                );
                (3, told, name)
            }
            // Told with its line, in the answer.
            IdentityNote::NameOfAnother { .. } => continue,
        };
        if let Some(kind) = kinds.get_mut(kind) {
            kind.told.push((told, name));
        }
    }
    for IdentityNews { told, level, event, several } in kinds {
        if told.len() > FEW {
            let first: Vec<&str> = told.iter().take(FEW).map(|(_, name)| name.as_str()).collect();
            let more = told.len() - first.len();
            add(level, format!("{} {several}: {} and {more} more", told.len(), first.join(", ")), event);
        } else {
            told.into_iter().for_each(|(told, _)| add(level, told, event));
        }
    }
}

/// Of one kind of thing that was found out, each in words, with the name of the account.
struct IdentityNews<'n> {
    told: Vec<(String, &'n String)>,
    level: Level,
    event: &'static str,
    /// What is said of many.
    several: &'static str,
}

impl IdentityNews<'_> {
    const ADOPTED: Self = Self::of(Level::Info, "id_adopted", "accounts took the external ids of the file");
    const NAMED: Self = Self::of(
        Level::Info,
        "name_adopted",
        "accounts that were known by their ids alone took the names of the file",
    );
    const NAMED_BY_ID: Self = Self::of(
        Level::Info,
        "named_by_id",
        "accounts are named by their external ids, where names are expected",
    );
    const NAMESAKES: Self = Self::of(
        Level::Warning,
        "namesake_created",
        "accounts bear a known name under another id, and are other accounts",
    );

    const fn of(level: Level, event: &'static str, several: &'static str) -> Self {
        Self { told: Vec::new(), level, event, several }
    }
}
