//! One call, as the functions of a resource build it.

use super::transport::Method;
use super::url::{Path, Query};
use serde::Serialize;
use std::time::Duration;

/// One call, before it is sent.
// No `Debug`: it may hold a secret.
#[derive(Clone)]
pub(super) struct Call {
    pub method: Method,
    pub path: Path,
    pub query: Query,
    pub body: Option<Result<String, String>>,
    /// Beside `/api/v1`, not below it.
    pub root: bool,
    pub deadline: Option<Duration>,
    /// Cut out of every error.
    pub secret: Option<String>,
    pub accept: &'static str,
}

impl Call {
    fn new(method: Method, path: Path) -> Self {
        Self {
            method,
            path,
            query: Query::default(),
            body: None,
            root: false,
            deadline: None,
            secret: None,
            accept: "application/json",
        }
    }

    /// Reads.
    pub fn get(path: Path) -> Self {
        Self::new(Method::Get, path)
    }

    /// Starts or creates.
    pub fn post(path: Path) -> Self {
        Self::new(Method::Post, path)
    }

    /// Changes.
    pub fn put(path: Path) -> Self {
        Self::new(Method::Put, path)
    }

    /// Removes.
    pub fn delete(path: Path) -> Self {
        Self::new(Method::Delete, path)
    }

    /// With a query.
    pub fn query(mut self, query: Query) -> Self {
        self.query = query;
        self
    }

    /// With a JSON body.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.body = Some(serde_json::to_string(body).map_err(|error| error.to_string()));
        self
    }

    /// With a path that stands beside `/api/v1`.
    pub fn at_root(mut self) -> Self {
        self.root = true;
        self
    }

    /// With a text that no error may show.
    pub fn secret(mut self, secret: &str) -> Self {
        self.secret = Some(secret.to_owned());
        self
    }

    /// Whose answer is something else than JSON.
    pub fn accept(mut self, kind: &'static str) -> Self {
        self.accept = kind;
        self
    }

    /// With a deadline of its own.
    pub fn within(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }
}
