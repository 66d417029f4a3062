//! Rendering
