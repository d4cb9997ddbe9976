//! Pure types and pure rules: no input, no output, no clock.

pub mod canonical;
pub mod cooldown;
pub mod decision;
pub mod duration;
pub mod event;
pub mod explanation;
pub mod health;
pub mod ids;
pub mod kpi;
pub mod moment;
pub mod money;
pub mod names;
pub mod note;
pub mod plain_number;
pub mod playbook;
pub mod profile;
pub mod reading;
pub mod rejection;
pub mod score;
pub mod snapshot;
pub mod time;
pub mod upload;
pub mod value;
pub mod zone;
