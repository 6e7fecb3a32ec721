//! `/storage`.

use super::{Answer, Call};
use crate::sim::http::Response;
use crate::sim::model::Storage;
use crate::sim::refusal::Refusal;

pub fn list(call: &Call<'_>) -> Answer {
    let wanted = match call.query.get("enabled") {
        None => None,
        Some(_) => Some(call.query.flag("enabled").ok_or_else(|| {
            Refusal::invalid(
                "Invalid query parameter",
                "enabled",
                "Must be true or false",
            )
        })?),
    };
    let rows: Vec<&Storage> = call
        .world
        .storages
        .iter()
        .filter(|storage| wanted.is_none_or(|wanted| storage.enabled == wanted))
        .collect();
    Ok(Response::ok(&rows))
}

pub fn status(call: &Call<'_>, name: &str) -> Answer {
    call.world
        .storages
        .iter()
        .find(|storage| storage.storage == name)
        .map(|storage| Response::json(200, storage.status()))
        .ok_or_else(|| Refusal::missing(&format!("Storage '{name}'")))
}
