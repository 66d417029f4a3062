//! Panels, voices, clips, cuts and the film; what is in a media file.
