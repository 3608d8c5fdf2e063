//! The recipes that come with the program: presets, and loads to measure by. Adding one is its file
//! and its line here.

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

/// Files of `assets/recipes/peers`: the works that other programs are measured by, under the names
/// their benchmark uses.
pub static PEERS: &[&str] = &[
    include_str!("../../assets/recipes/peers/develop.toml"),
    include_str!("../../assets/recipes/peers/blur2.toml"),
    include_str!("../../assets/recipes/peers/blur5.toml"),
    include_str!("../../assets/recipes/peers/blur25.toml"),
    include_str!("../../assets/recipes/peers/sharpen.toml"),
    include_str!("../../assets/recipes/peers/median3.toml"),
    include_str!("../../assets/recipes/peers/median5.toml"),
    include_str!("../../assets/recipes/peers/bilateral.toml"),
    include_str!("../../assets/recipes/peers/landscape.toml"),
    include_str!("../../assets/recipes/peers/resize.toml"),
];

/// A load of a second or two for one core, to watch workers share it.
pub static TOUR: &str = include_str!("../../assets/recipes/tour.toml");
