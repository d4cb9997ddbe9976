//! Folding what uploads said again, as they counted and as they count.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::merged::Sides;
use crate::model::ids::UploadId;
use crate::store::SaidRow;

/// What is known now, and the uploads after which something else was known than is now known to have been true.
pub(super) struct Refolded<T> {
    pub(super) known: T,
    pub(super) differing: Vec<UploadId>,
}

/// Which upload is taken back, or counts again.
#[derive(Debug, Clone, Copy)]
pub(in crate::ops) struct Turn {
    pub(in crate::ops) upload: UploadId,
    pub(in crate::ops) counts: bool,
}

impl Turn {
    /// No upload is taken back: what is known is folded again because something else was decided.
    pub(in crate::ops) const NONE: Self = Self { upload: UploadId::new(0), counts: true };

    /// The upload that is turned; ids begin at 1.
    pub(super) fn turned(self) -> Option<UploadId> {
        (self.upload != Self::NONE.upload).then_some(self.upload)
    }
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

/// Follows the rows, which stand in upload order, as they counted and as they count; `take` takes what one upload said
/// into what is known, `is_same` says whether the same is known, whoever said it.
pub(super) fn refold<S, T: Clone + Default>(
    sides: &Sides<S>,
    take: impl Fn(&mut T, &[SaidRow<S>]),
    is_same: impl Fn(&T, &T) -> bool,
) -> Refolded<T> {
    let by_upload = |rows: &'_ [SaidRow<S>]| -> BTreeMap<UploadId, Range<usize>> {
        let mut places = BTreeMap::new();
        let mut start: usize = 0;
        for chunk in rows.chunk_by(|a, b| a.upload == b.upload) {
            let end = start.saturating_add(chunk.len());
            places.extend(chunk.first().map(|row| (row.upload, start..end)));
            start = end;
        }
        places
    };
    let places = (by_upload(&sides.before), by_upload(&sides.now));
    let uploads: BTreeSet<UploadId> = places.0.keys().chain(places.1.keys()).copied().collect();
    let (mut before, mut known) = (T::default(), T::default());
    let mut differing = Vec::new();
    let of = |rows: &'_ [SaidRow<S>], places: &BTreeMap<UploadId, Range<usize>>, upload, state: &mut T| {
        if let Some(rows) = places.get(&upload).and_then(|range| rows.get(range.clone())) {
            take(state, rows);
        }
    };
    for upload in uploads {
        of(&sides.before, &places.0, upload, &mut before);
        of(&sides.now, &places.1, upload, &mut known);
        if !is_same(&before, &known) {
            differing.push(upload);
        }
    }
    Refolded { known, differing }
}
