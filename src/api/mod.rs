//! Everything that crosses the network, and nothing else.
