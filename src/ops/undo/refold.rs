//! Folding what uploads said again, as they counted and as they count.

use std::collections::BTreeMap;

use crate::model::ids::UploadId;
use crate::store::SaidRow;

/// What is known now, and the uploads after which something else was known than is now known to have been true.
pub(super) struct Refolded<T> {
    pub(super) known: T,
    pub(super) differing: Vec<UploadId>,
}

/// Which upload is taken back, or counts again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    pub(super) upload: UploadId,
    pub(super) counts: bool,
}

/// A thing as it is known, and the last upload that changed it.
#[derive(Debug, Clone)]
pub(super) struct Told<T> {
    pub(super) thing: T,
    pub(super) by: UploadId,
}

/// Things by what their source calls them.
pub(super) type ById<T> = BTreeMap<String, Told<T>>;

/// Takes over what an upload made of a thing, where that is anything else than what was known.
pub(super) fn tell<T: PartialEq>(things: &mut ById<T>, id: &str, thing: T, by: UploadId) {
    if things.get(id).is_none_or(|told| told.thing != thing) {
        things.insert(id.to_owned(), Told { thing, by });
    }
}

/// Whether the same things are known, whoever said them.
pub(super) fn are_same<T: PartialEq>(a: &ById<T>, b: &ById<T>) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.0 == b.0 && a.1.thing == b.1.thing)
}

/// Follows the rows, which stand in upload order; `take` takes what one upload said into what is known, `is_same` says
/// whether the same is known, whoever said it.
pub(super) fn refold<S, T: Clone + Default>(
    rows: &[SaidRow<S>],
    turn: Turn,
    take: impl Fn(&mut T, &[SaidRow<S>]),
    is_same: impl Fn(&T, &T) -> bool,
) -> Refolded<T> {
    let (mut before, mut known) = (T::default(), T::default());
    let mut differing = Vec::new();
    for of_upload in rows.chunk_by(|a, b| a.upload == b.upload) {
        let Some(SaidRow { upload, counts, .. }) = of_upload.first() else { continue };
        if *counts {
            take(&mut before, of_upload);
        }
        if if *upload == turn.upload { turn.counts } else { *counts } {
            take(&mut known, of_upload);
        }
        if !is_same(&before, &known) {
            differing.push(*upload);
        }
    }
    Refolded { known, differing }
}
