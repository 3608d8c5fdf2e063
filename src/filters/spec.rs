//! What a filter tells the world: slider, flag, recipe field, help, README table and tests read it.

/// A filter's identity, place and parameters.
#[derive(Debug)]
pub struct Spec {
    /// What recipes and flags call it, such as `white-balance`. Never changes.
    pub id: &'static str,
    pub label: &'static str,
    /// One sentence for help and menus, without a full stop.
    pub summary: &'static str,
    pub group: Group,
    /// Where "add a filter" puts it among the others: lower comes first.
    pub rank: u16,
    /// Raised when the formula changes; stored with each edit.
    pub formula: u32,
    /// Whether a fresh photo shows its slider at identity.
    pub ready: bool,
    /// Whether a reduced preview cannot show it exactly: "judge at 100 %".
    pub judge_at_full: bool,
    pub params: &'static [ParamSpec],
}

impl Spec {
    #[must_use]
    pub fn param_idx(&self, param_id: &str) -> Option<usize> {
        self.params.iter().position(|param| param.id == param_id)
    }

    /// Geometry has no opacity.
    #[must_use]
    pub const fn is_geometry(&self) -> bool {
        matches!(self.group, Group::Geometry)
    }
}

/// Where a photographer looks for a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Geometry,
    Light,
    Color,
    Detail,
    Effects,
}

impl Group {
    pub const ALL: [Self; 5] = [
        Self::Geometry,
        Self::Light,
        Self::Color,
        Self::Detail,
        Self::Effects,
    ];

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Geometry => "Geometry",
            Self::Light => "Light",
            Self::Color => "Colour",
            Self::Detail => "Detail",
            Self::Effects => "Effects",
        }
    }
}

/// One parameter.
#[derive(Debug)]
pub struct ParamSpec {
    /// What recipes and flags call it, such as `temperature`. Never changes.
    pub id: &'static str,
    pub label: &'static str,
    pub kind: ParamKind,
}

impl ParamSpec {
    /// The value at which the parameter does nothing, if there is one.
    #[must_use]
    pub const fn identity(&self) -> Option<f64> {
        match &self.kind {
            ParamKind::Number(number) => number.identity,
            ParamKind::Choice(_) => None,
        }
    }
}

#[derive(Debug)]
pub enum ParamKind {
    Number(NumberSpec),
    Choice(ChoiceSpec),
}

/// A number with its range, both ends allowed.
#[derive(Debug)]
pub struct NumberSpec {
    pub min: f64,
    pub max: f64,
    /// What an arrow key changes.
    pub step: f64,
    /// `None`: this parameter alone does not decide whether the filter does anything.
    pub identity: Option<f64>,
    pub on_add: f64,
    pub unit: Unit,
    /// Digits after the point that people see.
    pub decimals: usize,
    pub track: Track,
}

impl NumberSpec {
    /// An amount from `min` to 100 in whole steps, without a unit.
    #[must_use]
    pub const fn percent(min: f64, identity: Option<f64>, on_add: f64) -> Self {
        Self {
            min,
            max: 100.0,
            step: 1.0,
            identity,
            on_add,
            unit: Unit::None,
            decimals: 0,
            track: Track::Plain,
        }
    }
}

/// One of a few named options.
#[derive(Debug)]
pub struct ChoiceSpec {
    pub options: &'static [ChoiceOption],
    /// Index of the option it starts with.
    pub on_add: u16,
}

#[derive(Debug)]
pub struct ChoiceOption {
    /// What recipes and flags call it.
    pub id: &'static str,
    pub label: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A bare amount, shown with its sign where the range has both.
    None,
    /// Exposure values: doublings of light.
    Ev,
    /// Pixels of the photo at scale 1.
    Px,
    /// 0…1 of the frame's side; `px` values are taken as well.
    Fraction,
    /// Quarter turns clockwise.
    QuarterTurns,
    /// Of a circle.
    Degrees,
}

impl Unit {
    /// What stands behind a number; empty where nothing does.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::None | Self::Fraction => "",
            Self::Ev => "EV",
            Self::Px => "px",
            Self::QuarterTurns => "× 90°",
            Self::Degrees => "°",
        }
    }
}

/// How a slider's track is painted, and how its positions spread over the range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Track {
    Plain,
    /// Positions spread as a square, for radii: fine at the small end.
    Fine,
    /// Blue to yellow.
    Temperature,
    /// Green to magenta.
    Tint,
}
