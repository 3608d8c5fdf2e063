//! What several neighbourhood filters are built from: the reduced grid, the Gaussian, local tone,
//! medians, sums over neighbours, curves, hues.

pub mod bands;
pub mod box_mean;
pub mod direction;
pub mod display;
pub mod finite;
pub mod gaussian;
pub mod grid;
pub mod local_tone;
pub mod median_codes;
pub mod median_network;
pub mod median_rank;
pub mod mirror;
pub mod monotone;
pub mod oklab;
pub mod slope;
pub mod surround;
pub mod taps;
