//! Views of uploads.
