//! A drag that goes on over many frames and becomes one step of the history.

use crate::recipe::Recipe;
use crate::recipe::action::GestureId;
use crate::studio::session::Session;

/// The drag under way, if any.
#[derive(Debug, Default)]
pub struct EditGesture(Option<GestureId>);

impl EditGesture {
    /// The drag has come to this; the first call begins it.
    pub fn update(&mut self, session: &mut Session, after: Recipe, label: &str) {
        let open = self.0.take().filter(|gesture| {
            let photo = session.photo();
            photo.is_some_and(|photo| photo.history.is_open(*gesture))
        });
        self.0 = open.or_else(|| session.begin_gesture());
        if let Some(gesture) = self.0 {
            session.update_gesture(gesture, after, label);
        }
    }

    pub fn end(&mut self, session: &mut Session) {
        if let Some(gesture) = self.0.take() {
            session.commit_gesture(gesture);
        }
    }

    pub fn cancel(&mut self, session: &mut Session) {
        if let Some(gesture) = self.0.take() {
            session.cancel_gesture(gesture);
        }
    }
}
