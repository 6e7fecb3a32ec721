//! Fetches `config.json` from beside the page.

use crate::domain::runtime_config::{ConfigProblems, RuntimeConfig};
use gloo_net::http::Request;
use gloo_timers::future::TimeoutFuture;
use std::pin::pin;

/// A console that cannot read its configuration must say so, not hang.
const PATIENCE_MILLIS: u32 = 8000;

/// Where the file is: beside the page's base, so that any base path works.
const FILE: &str = "config.json";

/// Path of the page's `<base>` without its final slash: empty at the root, else e.g.
/// `/portal/moxxie`.
#[must_use]
pub fn base_path() -> String {
    let address = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|page| page.base_uri().ok().flatten());
    let path = address
        .and_then(|address| web_sys::Url::new(&address).ok())
        .map(|url| url.pathname())
        .unwrap_or_default();
    path.rsplit_once('/')
        .map_or_else(String::new, |(directory, _)| directory.to_owned())
}

/// What stands before `/api/v1` in every call: the configured server, else the base path.
#[must_use]
pub fn server_base(config: &RuntimeConfig) -> String {
    if config.server_url.is_empty() {
        base_path()
    } else {
        config.server_url.clone()
    }
}

/// Reads the file; defaults where there is none (404), or where the server answers every unknown
/// address with the page itself.
///
/// # Errors
/// Everything that is wrong with it at once, or why it could not be read.
pub async fn fetch() -> Result<RuntimeConfig, ConfigProblems> {
    let address = format!("{}/{FILE}", base_path());
    let problem = |text: String| ConfigProblems {
        problems: vec![text],
    };
    let reading = async {
        let answer = Request::get(&address)
            .send()
            .await
            .map_err(|error| error.to_string())?;
        let kind = answer.headers().get("content-type").unwrap_or_default();
        let text = answer.text().await.map_err(|error| error.to_string())?;
        Ok::<_, String>((answer.status(), kind, text))
    };
    let limit = pin!(TimeoutFuture::new(PATIENCE_MILLIS));
    let answer = match futures_util::future::select(pin!(reading), limit).await {
        futures_util::future::Either::Left((answer, _)) => answer,
        futures_util::future::Either::Right(_) => Err("no answer in time".to_owned()),
    };
    match answer {
        Ok((404 | 410, ..)) => Ok(RuntimeConfig::default()),
        Ok((200..=299, kind, _)) if kind.contains("text/html") => Ok(RuntimeConfig::default()),
        Ok((200..=299, _, text)) => RuntimeConfig::parse(&text),
        Ok((status, ..)) => Err(problem(format!(
            "The file could not be read: the server answered {status}."
        ))),
        Err(cause) => Err(problem(format!("The file could not be read: {cause}."))),
    }
}
