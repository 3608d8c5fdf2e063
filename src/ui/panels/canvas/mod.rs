//! The photo: zoomed and panned by hand, before beside after, cropped; and what stands in its place
//! while there is none.

mod canvas_ui;
mod crop;
mod crop_tool;
mod crop_ui;
mod empty_ui;
mod place;
mod shown;
mod side_picture;
mod sides_ui;
mod state;
mod texture;

pub use canvas_ui::canvas_ui;
pub use state::Canvas;
