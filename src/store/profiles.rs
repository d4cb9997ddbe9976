//! Profiles: a row a version, written only where it differs; and the newest of each account.
//!
//! What a file says and what follows from it is settled in the model: here it is only kept, and read back.

use rusqlite::types::ValueRef;
use rustc_hash::FxHashMap;

use super::append::value::{int, maybe, text};
use super::failure::damaged;
use super::ledger::Table;
use super::transaction::WriteTransaction;
use super::undoings::Refolded;
use crate::error::Result;
use crate::model::ids::{AccountId, ProfileId, UploadId};
use crate::model::profile::{Profile, ProfilePatch};

/// A profile as it is stored.
pub(super) fn stored_profile(id: i64, content: &str) -> Result<Profile> {
    Profile::from_stored(content).ok_or_else(|| damaged(format!("profile {id} cannot be read")))
}

impl WriteTransaction<'_> {
    /// The newest profiles of accounts whose heads are loaded; an account without one is absent.
    ///
    /// # Errors
    /// Anything that the database says; `Damaged` where a profile cannot be read.
    pub fn load_profiles(&self, accounts: &[AccountId]) -> Result<FxHashMap<AccountId, Profile>> {
        let newest = self.list_of_heads(accounts, |head| head.profile.map(ProfileId::get));
        let mut statement = self.sql.prepare_cached(
            "SELECT p.account_id, p.id, p.content FROM json_each(?1) j CROSS JOIN profiles p ON p.id = j.value",
        )?;
        let mut rows = statement.query([newest])?;
        let mut profiles = FxHashMap::default();
        while let Some(row) = rows.next()? {
            let content = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
            profiles.insert(AccountId::new(row.get(0)?), stored_profile(row.get(1)?, content)?);
        }
        Ok(profiles)
    }

    /// Appends a version of an account's profile: what the upload said, and all that is known since.
    ///
    /// # Errors
    /// `UnknownAccount` where the account's head is not loaded; anything that the database says.
    pub fn append_profile(
        &mut self,
        account: AccountId,
        upload: UploadId,
        said: &ProfilePatch,
        profile: &Profile,
    ) -> Result<ProfileId> {
        let id = self.next_fact_id("profile")?;
        self.append_profile_row(account, upload, said, profile, id, None)
    }

    /// Appends an account's profile as the uploads that count said it, in the name of the one that was taken back or
    /// counts again.
    ///
    /// # Errors
    /// As [`Self::append_profile`].
    pub fn append_refolded_profile(
        &mut self,
        account: AccountId,
        upload: UploadId,
        profile: &Profile,
    ) -> Result<ProfileId> {
        let (id, left) = (self.next_id("profile")?, Refolded::of(!profile.is_empty()));
        self.append_profile_row(account, upload, &ProfilePatch::default(), profile, id, Some(left))
    }

    fn append_profile_row(
        &mut self,
        account: AccountId,
        upload: UploadId,
        said: &ProfilePatch,
        profile: &Profile,
        id: i64,
        refolded: Option<Refolded>,
    ) -> Result<ProfileId> {
        let previous = self.loaded_head(account)?.profile;
        let id = ProfileId::new(id);
        let (salt, change) = (self.salts.next()?, self.change().get());
        let (said, content) = (said.to_stored(), profile.to_stored());
        let row = [
            int(id.get()),
            int(account.get()),
            int(upload.get()),
            int(change),
            maybe(previous.map(ProfileId::get)),
            text(&said),
            text(&content),
            ValueRef::Blob(&salt),
            maybe(refolded.map(Refolded::number)),
        ];
        self.appender(Table::Profiles)?.append(None, &row)?;
        if let Some(head) = self.head_mut(account) {
            (head.profile, head.profile_upload) = (Some(id), Some(upload));
        }
        Ok(id)
    }
}
