//! The simulated Moxxie over HTTP.
fn main() {}
