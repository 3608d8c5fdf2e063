//! The roof, window side: what a person sees and touches.
//!
//! [`theme`] holds every colour and size, [`widgets`] the controls that every panel is composed of.
//! A widget paints itself, answers mouse, keyboard and screen reader, and hands back what the person
//! did; it never changes an edit, starts a job or reads a file.

pub mod command;
pub mod dialogs;
pub mod panels;
pub mod theme;
pub mod widgets;
