//! The drawings: every icon as a few lines, circles and arcs in a box of 18 by 18.

use super::Icon;
use super::Mark::{self, Arc, Circle, Closed, Dot, Filled, Line};

pub(super) const fn of(icon: Icon) -> &'static [Mark] {
    match icon {
        Icon::Open => OPEN,
        Icon::Save => SAVE,
        Icon::Image => IMAGE,
        Icon::Undo => UNDO,
        Icon::Redo => REDO,
        Icon::History => HISTORY,
        Icon::Presets => PRESETS,
        Icon::Crop => CROP,
        Icon::Compare => COMPARE,
        Icon::Wipe => WIPE,
        Icon::RotateLeft => ROTATE_LEFT,
        Icon::RotateRight => ROTATE_RIGHT,
        Icon::FlipHorizontal => FLIP_HORIZONTAL,
        Icon::FlipVertical => FLIP_VERTICAL,
        Icon::Play => PLAY,
        Icon::Stop => STOP,
        Icon::Export => EXPORT,
        Icon::Search => SEARCH,
        Icon::Eye => EYE,
        Icon::EyeOff => EYE_OFF,
        Icon::ChevronRight => CHEVRON_RIGHT,
        Icon::ChevronDown => CHEVRON_DOWN,
        Icon::ChevronUp => CHEVRON_UP,
        Icon::ChevronLeft => CHEVRON_LEFT,
        Icon::Grip => GRIP,
        Icon::More => MORE,
        Icon::Plus => PLUS,
        Icon::Minus => MINUS,
        Icon::Close => CLOSE,
        Icon::Reset => RESET,
        Icon::Trash => TRASH,
        Icon::Duplicate => DUPLICATE,
        Icon::Warning => WARNING,
        Icon::Error => ERROR,
        Icon::Ok => OK,
        Icon::Info => INFO,
        Icon::Keyboard => KEYBOARD,
        Icon::Gear => GEAR,
        Icon::Theme => THEME,
        Icon::FoldPanel => FOLD_PANEL,
        Icon::Core => CORE,
        Icon::Timeline => TIMELINE,
        Icon::Table => TABLE,
        Icon::Chart => CHART,
        Icon::Clipping => CLIPPING,
        Icon::ZoomIn => ZOOM_IN,
        Icon::ZoomOut => ZOOM_OUT,
        Icon::Fit => FIT,
        Icon::Clock => CLOCK,
    }
}

const OPEN: &[Mark] = &[Closed(&[
    (2.0, 4.5),
    (2.0, 14.5),
    (16.0, 14.5),
    (16.0, 6.0),
    (9.0, 6.0),
    (7.2, 4.0),
    (2.5, 4.0),
])];
const SAVE: &[Mark] = &[
    Closed(&[
        (3.0, 3.0),
        (12.0, 3.0),
        (15.0, 6.0),
        (15.0, 15.0),
        (3.0, 15.0),
    ]),
    Line(&[(6.0, 15.0), (6.0, 10.0), (12.0, 10.0), (12.0, 15.0)]),
    Line(&[(6.5, 3.0), (6.5, 6.0), (11.0, 6.0)]),
];
const IMAGE: &[Mark] = &[
    Closed(&[(2.0, 3.5), (16.0, 3.5), (16.0, 14.5), (2.0, 14.5)]),
    Line(&[(2.5, 13.0), (7.0, 8.6), (12.2, 14.0)]),
    Line(&[(10.4, 12.0), (12.6, 9.8), (15.6, 12.8)]),
    Dot(12.0, 6.8, 1.2),
];
const UNDO: &[Mark] = &[
    Line(&[(6.2, 2.8), (2.8, 6.2), (6.2, 9.6)]),
    Line(&[(3.2, 6.2), (10.4, 6.2)]),
    Arc(10.4, 10.6, 4.4, -90.0, 90.0),
    Line(&[(10.4, 15.0), (7.0, 15.0)]),
];
const REDO: &[Mark] = &[
    Line(&[(11.8, 2.8), (15.2, 6.2), (11.8, 9.6)]),
    Line(&[(14.8, 6.2), (7.6, 6.2)]),
    Arc(7.6, 10.6, 4.4, -90.0, -270.0),
    Line(&[(7.6, 15.0), (11.0, 15.0)]),
];
const HISTORY: &[Mark] = &[
    Arc(9.0, 9.0, 6.2, -160.0, 150.0),
    Line(&[(2.6, 3.4), (2.9, 7.0), (6.4, 6.6)]),
    Line(&[(9.0, 5.6), (9.0, 9.2), (11.6, 10.8)]),
];
const PRESETS: &[Mark] = &[
    Line(&[(2.5, 5.0), (15.5, 5.0)]),
    Line(&[(2.5, 9.0), (15.5, 9.0)]),
    Line(&[(2.5, 13.0), (15.5, 13.0)]),
    Dot(11.5, 5.0, 2.0),
    Dot(6.0, 9.0, 2.0),
    Dot(10.0, 13.0, 2.0),
];
const CROP: &[Mark] = &[
    Line(&[(5.0, 1.8), (5.0, 13.0), (16.2, 13.0)]),
    Line(&[(1.8, 5.0), (13.0, 5.0), (13.0, 16.2)]),
];
const COMPARE: &[Mark] = &[
    Line(&[(2.5, 15.0), (2.5, 9.0)]),
    Line(&[(6.8, 15.0), (6.8, 3.0)]),
    Line(&[(11.2, 15.0), (11.2, 6.0)]),
    Line(&[(15.5, 15.0), (15.5, 10.5)]),
];
const WIPE: &[Mark] = &[
    Closed(&[(2.5, 3.5), (15.5, 3.5), (15.5, 14.5), (2.5, 14.5)]),
    Line(&[(9.0, 1.8), (9.0, 16.2)]),
    Line(&[(11.6, 11.6), (13.2, 10.0)]),
    Line(&[(11.6, 8.2), (13.2, 6.6)]),
];
const ROTATE_LEFT: &[Mark] = &[
    Arc(9.4, 10.0, 5.4, -150.0, 90.0),
    Line(&[(3.2, 3.8), (4.4, 7.6), (8.2, 6.6)]),
];
const ROTATE_RIGHT: &[Mark] = &[
    Arc(8.6, 10.0, 5.4, -30.0, -270.0),
    Line(&[(14.8, 3.8), (13.6, 7.6), (9.8, 6.6)]),
];
const FLIP_HORIZONTAL: &[Mark] = &[
    Line(&[(9.0, 2.0), (9.0, 16.0)]),
    Closed(&[(6.2, 4.4), (6.2, 13.6), (1.9, 13.6)]),
    Filled(&[(11.8, 3.6), (16.4, 14.4), (11.8, 14.4)]),
];
const FLIP_VERTICAL: &[Mark] = &[
    Line(&[(2.0, 9.0), (16.0, 9.0)]),
    Closed(&[(4.4, 6.2), (13.6, 6.2), (13.6, 1.9)]),
    Filled(&[(3.6, 11.8), (14.4, 16.4), (14.4, 11.8)]),
];
const PLAY: &[Mark] = &[Filled(&[(5.0, 3.0), (15.0, 9.0), (5.0, 15.0)])];
const STOP: &[Mark] = &[Filled(&[
    (4.5, 4.5),
    (13.5, 4.5),
    (13.5, 13.5),
    (4.5, 13.5),
])];
const EXPORT: &[Mark] = &[
    Line(&[(9.0, 11.0), (9.0, 2.6)]),
    Line(&[(5.6, 5.8), (9.0, 2.4), (12.4, 5.8)]),
    Line(&[
        (5.4, 8.6),
        (3.4, 8.6),
        (3.4, 15.4),
        (14.6, 15.4),
        (14.6, 8.6),
        (12.6, 8.6),
    ]),
];
const SEARCH: &[Mark] = &[Circle(7.8, 7.8, 5.0), Line(&[(11.6, 11.6), (15.6, 15.6)])];
const EYE: &[Mark] = &[
    Arc(9.0, 13.4, 8.2, -147.0, -33.0),
    Arc(9.0, 4.6, 8.2, 33.0, 147.0),
    Circle(9.0, 9.0, 2.3),
];
const EYE_OFF: &[Mark] = &[
    Arc(9.0, 13.4, 8.2, -147.0, -33.0),
    Arc(9.0, 4.6, 8.2, 33.0, 147.0),
    Line(&[(3.4, 15.0), (14.6, 3.0)]),
];
const CHEVRON_RIGHT: &[Mark] = &[Line(&[(7.0, 4.5), (11.5, 9.0), (7.0, 13.5)])];
const CHEVRON_DOWN: &[Mark] = &[Line(&[(4.5, 7.0), (9.0, 11.5), (13.5, 7.0)])];
const CHEVRON_UP: &[Mark] = &[Line(&[(4.5, 11.0), (9.0, 6.5), (13.5, 11.0)])];
const CHEVRON_LEFT: &[Mark] = &[Line(&[(11.0, 4.5), (6.5, 9.0), (11.0, 13.5)])];
const GRIP: &[Mark] = &[
    Dot(6.8, 4.5, 1.0),
    Dot(11.2, 4.5, 1.0),
    Dot(6.8, 9.0, 1.0),
    Dot(11.2, 9.0, 1.0),
    Dot(6.8, 13.5, 1.0),
    Dot(11.2, 13.5, 1.0),
];
const MORE: &[Mark] = &[
    Dot(4.0, 9.0, 1.35),
    Dot(9.0, 9.0, 1.35),
    Dot(14.0, 9.0, 1.35),
];
const PLUS: &[Mark] = &[
    Line(&[(9.0, 3.5), (9.0, 14.5)]),
    Line(&[(3.5, 9.0), (14.5, 9.0)]),
];
const MINUS: &[Mark] = &[Line(&[(3.5, 9.0), (14.5, 9.0)])];
const CLOSE: &[Mark] = &[
    Line(&[(4.5, 4.5), (13.5, 13.5)]),
    Line(&[(13.5, 4.5), (4.5, 13.5)]),
];
const RESET: &[Mark] = &[
    Arc(9.0, 9.4, 5.8, -205.0, 60.0),
    Line(&[(2.4, 4.4), (3.6, 8.0), (7.2, 7.0)]),
];
const TRASH: &[Mark] = &[
    Line(&[(2.8, 4.8), (15.2, 4.8)]),
    Line(&[(6.6, 4.6), (7.0, 2.6), (11.0, 2.6), (11.4, 4.6)]),
    Line(&[(4.2, 5.0), (5.0, 15.4), (13.0, 15.4), (13.8, 5.0)]),
    Line(&[(7.4, 8.0), (7.6, 12.4)]),
    Line(&[(10.6, 8.0), (10.4, 12.4)]),
];
const DUPLICATE: &[Mark] = &[
    Closed(&[(6.5, 6.5), (15.5, 6.5), (15.5, 15.5), (6.5, 15.5)]),
    Line(&[
        (11.5, 4.0),
        (11.5, 2.5),
        (2.5, 2.5),
        (2.5, 11.5),
        (4.0, 11.5),
    ]),
];
const WARNING: &[Mark] = &[
    Closed(&[(9.0, 2.4), (16.4, 15.2), (1.6, 15.2)]),
    Line(&[(9.0, 7.2), (9.0, 10.6)]),
    Dot(9.0, 12.9, 1.05),
];
const ERROR: &[Mark] = &[
    Closed(&[
        (6.0, 2.0),
        (12.0, 2.0),
        (16.0, 6.0),
        (16.0, 12.0),
        (12.0, 16.0),
        (6.0, 16.0),
        (2.0, 12.0),
        (2.0, 6.0),
    ]),
    Line(&[(9.0, 5.4), (9.0, 9.8)]),
    Dot(9.0, 12.5, 1.05),
];
const OK: &[Mark] = &[
    Circle(9.0, 9.0, 7.0),
    Line(&[(5.8, 9.2), (8.1, 11.6), (12.3, 6.6)]),
];
const INFO: &[Mark] = &[
    Circle(9.0, 9.0, 7.0),
    Line(&[(9.0, 8.4), (9.0, 12.4)]),
    Dot(9.0, 5.7, 1.05),
];
const KEYBOARD: &[Mark] = &[
    Closed(&[(1.6, 4.5), (16.4, 4.5), (16.4, 13.5), (1.6, 13.5)]),
    Dot(4.8, 7.6, 0.8),
    Dot(7.6, 7.6, 0.8),
    Dot(10.4, 7.6, 0.8),
    Dot(13.2, 7.6, 0.8),
    Line(&[(5.6, 10.8), (12.4, 10.8)]),
];
const GEAR: &[Mark] = &[
    Circle(9.0, 9.0, 5.0),
    Circle(9.0, 9.0, 1.6),
    Line(&[(9.0, 1.6), (9.0, 3.6)]),
    Line(&[(9.0, 14.4), (9.0, 16.4)]),
    Line(&[(1.6, 9.0), (3.6, 9.0)]),
    Line(&[(14.4, 9.0), (16.4, 9.0)]),
    Line(&[(3.8, 3.8), (5.2, 5.2)]),
    Line(&[(12.8, 12.8), (14.2, 14.2)]),
    Line(&[(3.8, 14.2), (5.2, 12.8)]),
    Line(&[(12.8, 5.2), (14.2, 3.8)]),
];
const THEME: &[Mark] = &[
    Circle(9.0, 9.0, 6.8),
    Filled(&[
        (9.0, 2.6),
        (12.2, 3.5),
        (14.5, 5.8),
        (15.4, 9.0),
        (14.5, 12.2),
        (12.2, 14.5),
        (9.0, 15.4),
    ]),
];
const FOLD_PANEL: &[Mark] = &[
    Closed(&[(2.0, 3.0), (16.0, 3.0), (16.0, 15.0), (2.0, 15.0)]),
    Line(&[(2.0, 10.6), (16.0, 10.6)]),
    Line(&[(7.0, 6.0), (9.0, 8.0), (11.0, 6.0)]),
];
const CORE: &[Mark] = &[
    Closed(&[(4.4, 4.4), (13.6, 4.4), (13.6, 13.6), (4.4, 13.6)]),
    Closed(&[(7.4, 7.4), (10.6, 7.4), (10.6, 10.6), (7.4, 10.6)]),
    Line(&[(7.0, 1.8), (7.0, 4.0)]),
    Line(&[(11.0, 1.8), (11.0, 4.0)]),
    Line(&[(7.0, 14.0), (7.0, 16.2)]),
    Line(&[(11.0, 14.0), (11.0, 16.2)]),
    Line(&[(1.8, 7.0), (4.0, 7.0)]),
    Line(&[(1.8, 11.0), (4.0, 11.0)]),
    Line(&[(14.0, 7.0), (16.2, 7.0)]),
    Line(&[(14.0, 11.0), (16.2, 11.0)]),
];
const TIMELINE: &[Mark] = &[
    Line(&[(2.5, 4.5), (9.5, 4.5)]),
    Line(&[(5.5, 9.0), (13.5, 9.0)]),
    Line(&[(8.5, 13.5), (15.5, 13.5)]),
];
const TABLE: &[Mark] = &[
    Closed(&[(2.0, 3.0), (16.0, 3.0), (16.0, 15.0), (2.0, 15.0)]),
    Line(&[(2.0, 7.0), (16.0, 7.0)]),
    Line(&[(2.0, 11.0), (16.0, 11.0)]),
    Line(&[(7.0, 7.0), (7.0, 15.0)]),
];
const CHART: &[Mark] = &[
    Line(&[(2.5, 2.5), (2.5, 15.5), (15.8, 15.5)]),
    Line(&[(5.4, 12.2), (9.0, 7.4), (11.4, 9.2), (15.4, 3.8)]),
];
const CLIPPING: &[Mark] = &[
    Line(&[(2.0, 15.0), (16.0, 15.0)]),
    Line(&[
        (2.0, 14.6),
        (6.4, 7.0),
        (9.6, 10.6),
        (14.6, 3.0),
        (14.6, 14.6),
    ]),
];
const ZOOM_IN: &[Mark] = &[
    Circle(7.8, 7.8, 5.0),
    Line(&[(11.6, 11.6), (15.6, 15.6)]),
    Line(&[(7.8, 5.6), (7.8, 10.0)]),
    Line(&[(5.6, 7.8), (10.0, 7.8)]),
];
const ZOOM_OUT: &[Mark] = &[
    Circle(7.8, 7.8, 5.0),
    Line(&[(11.6, 11.6), (15.6, 15.6)]),
    Line(&[(5.6, 7.8), (10.0, 7.8)]),
];
const FIT: &[Mark] = &[
    Line(&[(2.5, 6.5), (2.5, 2.5), (6.5, 2.5)]),
    Line(&[(11.5, 2.5), (15.5, 2.5), (15.5, 6.5)]),
    Line(&[(15.5, 11.5), (15.5, 15.5), (11.5, 15.5)]),
    Line(&[(6.5, 15.5), (2.5, 15.5), (2.5, 11.5)]),
];
const CLOCK: &[Mark] = &[
    Circle(9.0, 9.0, 6.6),
    Line(&[(9.0, 5.2), (9.0, 9.2), (11.8, 10.8)]),
];
