//! The simulated Moxxie.
