//! The presets that come with the program. Adding one is its file and its line here.

/// Files of `assets/recipes`, in the order of the list.
pub static SHIPPED: &[&str] = &[
    include_str!("../../assets/recipes/golden-hour.toml"),
    include_str!("../../assets/recipes/soft-portrait.toml"),
    include_str!("../../assets/recipes/deep-landscape.toml"),
    include_str!("../../assets/recipes/clear-morning.toml"),
    include_str!("../../assets/recipes/quiet-detail.toml"),
    include_str!("../../assets/recipes/faded-print.toml"),
    include_str!("../../assets/recipes/black-and-white-high-key.toml"),
    include_str!("../../assets/recipes/black-and-white-film.toml"),
];
