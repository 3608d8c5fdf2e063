//! What several neighbourhood filters are built from: the reduced grid, the Gaussian, local tone.

pub mod grid;
