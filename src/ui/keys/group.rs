//! The groups the sheet of shortcuts is made of.

/// Where the sheet lists a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyGroup {
    Photo,
    Edits,
    View,
    Backends,
    Window,
}

impl KeyGroup {
    pub const ALL: [Self; 5] = [
        Self::Photo,
        Self::Edits,
        Self::View,
        Self::Backends,
        Self::Window,
    ];

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Photo => "Photo",
            Self::Edits => "Edits",
            Self::View => "View",
            Self::Backends => "Backends",
            Self::Window => "Window",
        }
    }
}
