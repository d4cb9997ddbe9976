//! Folding what uploads said again, as they counted and as they count.

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

/// Follows the rows, which stand in upload order; `take` takes what one upload said into what is known.
pub(super) fn refold<S, T: Clone + Default + PartialEq>(
    rows: &[SaidRow<S>],
    turn: Turn,
    take: impl Fn(&mut T, &[SaidRow<S>]),
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
        if before != known {
            differing.push(*upload);
        }
    }
    Refolded { known, differing }
}
