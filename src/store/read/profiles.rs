//! Profiles as they were at some time.

use rustc_hash::FxHashMap;

use super::Reader;
use crate::error::Result;
use crate::model::ids::ProfileId;
use crate::model::profile::Profile;
use crate::store::heads::id_list;
use crate::store::profiles::stored_profile;

impl Reader<'_> {
    /// These versions of profiles.
    ///
    /// # Errors
    /// Anything that the database says; `Damaged` where one cannot be read.
    pub fn profiles_by_id(&self, profiles: &[ProfileId]) -> Result<FxHashMap<ProfileId, Profile>> {
        let mut statement = self.sql().prepare_cached(
            "SELECT p.id, p.content FROM json_each(?1) j CROSS JOIN profiles p ON p.id = j.value",
        )?;
        let mut rows = statement.query([id_list(profiles.iter().map(|id| id.get()))])?;
        let mut found = FxHashMap::default();
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            let content = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            found.insert(ProfileId::new(id), stored_profile(id, content)?);
        }
        Ok(found)
    }
}
