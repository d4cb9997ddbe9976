//! Pure types and pure rules: no input, no output, no clock.

pub mod event;
pub mod health;
pub mod ids;
pub mod kpi;
pub mod names;
pub mod rejection;
pub mod score;
pub mod snapshot;
pub mod time;
pub mod value;
