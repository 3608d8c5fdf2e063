//! The presets that come with the program. Adding one is its file and its line here.

/// Files of `assets/recipes`, in the order of the list.
pub(super) static SHIPPED: &[&str] = &[
    include_str!("../../../../assets/recipes/golden-hour.toml"),
    include_str!("../../../../assets/recipes/soft-portrait.toml"),
    include_str!("../../../../assets/recipes/deep-landscape.toml"),
    include_str!("../../../../assets/recipes/black-and-white-high-key.toml"),
];
