//! Pure types and pure rules: no input, no output, no clock.

pub mod canonical;
pub mod cooldown;
pub mod duration;
pub mod health;
pub mod ids;
pub mod kpi;
pub mod moment;
pub mod names;
pub mod rejection;
pub mod score;
pub mod snapshot;
pub mod time;
pub mod value;
pub mod zone;
