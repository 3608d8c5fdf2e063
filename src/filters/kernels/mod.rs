//! What several neighbourhood filters are built from: the reduced grid, the Gaussian, local tone,
//! medians, a small blur beside its pixels, non-local means, edge-avoiding smoothing.

pub mod edge_avoiding;
pub mod ev;
pub mod field;
pub mod finite;
pub mod gaussian;
pub mod grid;
pub mod local_tone;
pub mod median_network;
pub mod median_rank;
pub mod mirror;
pub mod non_local_means;
pub mod sliding;
