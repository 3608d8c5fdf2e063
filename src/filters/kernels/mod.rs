//! What several neighbourhood filters are built from: the reduced grid, the Gaussian, local tone,
//! medians, sums over neighbours, edge-avoiding smoothing, lightness
//! and colour in roots, curves, hues.

pub mod bands;
pub mod box_mean;
pub mod direction;
pub mod display;
pub mod edge_avoiding;
pub mod ev;
pub mod field;
pub mod finite;
pub mod gaussian;
pub mod grid;
pub mod local_tone;
pub mod median_codes;
pub mod median_histogram;
pub mod median_network;
pub mod mirror;
pub mod monotone;
pub mod non_local_means;
pub mod oklab;
pub mod roots;
pub mod sliding;
pub mod slope;
pub mod surround;
pub mod taps;
