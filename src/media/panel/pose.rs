//! How a body is held: the joints of each posture, from the side and from the front, measured in
//! standing height from the ground between the feet.

use aiut_film::words::Posture;

pub(super) type Joint = (f32, f32);

/// A posture seen from one side.
pub(super) struct Pose {
    pub(super) pelvis: Joint,
    /// Between the shoulders.
    pub(super) chest: Joint,
    pub(super) head: Joint,
    /// Shoulder, elbow, hand: the far arm, then the near one.
    pub(super) arms: [[Joint; 3]; 2],
    /// Hip, knee, ankle: the far leg, then the near one.
    pub(super) legs: [[Joint; 3]; 2],
    pub(super) chair: bool,
}

pub(super) const STANDING_SIDE: Pose = Pose {
    pelvis: (0.0, -0.5),
    chest: (0.0, -0.8),
    head: (0.018, -0.918),
    arms: [
        [(0.075, -0.785), (0.1, -0.63), (0.125, -0.475)],
        [(-0.07, -0.785), (-0.105, -0.62), (-0.06, -0.465)],
    ],
    legs: [
        [(0.035, -0.49), (0.055, -0.26), (0.06, -0.03)],
        [(-0.035, -0.49), (-0.04, -0.26), (-0.05, -0.03)],
    ],
    chair: false,
};

const STANDING_FRONT: Pose = Pose {
    head: (0.0, -0.918),
    arms: [
        [(0.105, -0.785), (0.14, -0.62), (0.135, -0.465)],
        [(-0.105, -0.785), (-0.14, -0.62), (-0.135, -0.465)],
    ],
    legs: [
        [(0.045, -0.49), (0.06, -0.26), (0.065, -0.03)],
        [(-0.045, -0.49), (-0.06, -0.26), (-0.065, -0.03)],
    ],
    ..STANDING_SIDE
};

const SITTING_SIDE: Pose = Pose {
    pelvis: (-0.06, -0.3),
    chest: (-0.045, -0.585),
    head: (-0.015, -0.703),
    arms: [
        [(0.03, -0.57), (0.05, -0.42), (0.17, -0.37)],
        [(-0.11, -0.57), (-0.1, -0.41), (0.05, -0.37)],
    ],
    legs: [
        [(-0.03, -0.29), (0.19, -0.3), (0.2, -0.03)],
        [(-0.07, -0.28), (0.16, -0.28), (0.15, -0.03)],
    ],
    chair: true,
};

const SITTING_FRONT: Pose = Pose {
    pelvis: (0.0, -0.3),
    chest: (0.0, -0.585),
    head: (0.0, -0.703),
    arms: [
        [(0.105, -0.57), (0.15, -0.42), (0.085, -0.33)],
        [(-0.105, -0.57), (-0.15, -0.42), (-0.085, -0.33)],
    ],
    legs: [
        [(0.05, -0.29), (0.095, -0.24), (0.09, -0.03)],
        [(-0.05, -0.29), (-0.095, -0.24), (-0.09, -0.03)],
    ],
    chair: true,
};

const KNEELING_SIDE: Pose = Pose {
    pelvis: (-0.02, -0.28),
    chest: (0.02, -0.57),
    head: (0.05, -0.688),
    arms: [
        [(0.1, -0.555), (0.13, -0.41), (0.2, -0.32)],
        [(-0.05, -0.555), (-0.06, -0.4), (0.08, -0.34)],
    ],
    legs: [
        [(0.02, -0.27), (0.2, -0.27), (0.19, -0.03)],
        [(-0.04, -0.27), (0.0, -0.05), (-0.2, -0.03)],
    ],
    chair: false,
};

const KNEELING_FRONT: Pose = Pose {
    pelvis: (0.0, -0.28),
    chest: (0.0, -0.57),
    head: (0.0, -0.688),
    arms: [
        [(0.105, -0.555), (0.145, -0.41), (0.1, -0.29)],
        [(-0.105, -0.555), (-0.145, -0.41), (-0.1, -0.29)],
    ],
    legs: [
        [(0.045, -0.27), (0.1, -0.24), (0.095, -0.03)],
        [(-0.045, -0.27), (-0.08, -0.06), (-0.085, -0.04)],
    ],
    chair: false,
};

const WALKING_SIDE: Pose = Pose {
    chest: (0.02, -0.8),
    head: (0.045, -0.918),
    arms: [
        [(0.085, -0.785), (-0.02, -0.65), (-0.1, -0.53)],
        [(-0.05, -0.785), (-0.02, -0.62), (0.12, -0.54)],
    ],
    legs: [
        [(0.02, -0.49), (0.13, -0.27), (0.18, -0.04)],
        [(-0.02, -0.49), (-0.04, -0.25), (-0.19, -0.07)],
    ],
    ..STANDING_SIDE
};

const WALKING_FRONT: Pose = Pose {
    arms: [
        [(0.105, -0.785), (0.155, -0.63), (0.11, -0.5)],
        [(-0.105, -0.785), (-0.15, -0.61), (-0.165, -0.46)],
    ],
    legs: [
        [(0.045, -0.49), (0.055, -0.29), (0.045, -0.11)],
        [(-0.045, -0.49), (-0.055, -0.26), (-0.05, -0.02)],
    ],
    ..STANDING_FRONT
};

const RUNNING_SIDE: Pose = Pose {
    chest: (0.08, -0.785),
    head: (0.14, -0.895),
    arms: [
        [(0.15, -0.77), (0.0, -0.69), (-0.08, -0.56)],
        [(0.02, -0.77), (0.07, -0.61), (0.24, -0.68)],
    ],
    legs: [
        [(0.03, -0.49), (0.2, -0.33), (0.2, -0.06)],
        [(-0.02, -0.49), (-0.06, -0.25), (-0.28, -0.17)],
    ],
    ..STANDING_SIDE
};

const RUNNING_FRONT: Pose = Pose {
    arms: [
        [(0.105, -0.785), (0.175, -0.66), (0.1, -0.6)],
        [(-0.105, -0.785), (-0.18, -0.65), (-0.17, -0.5)],
    ],
    legs: [
        [(0.045, -0.49), (0.07, -0.35), (0.05, -0.2)],
        [(-0.045, -0.49), (-0.05, -0.26), (-0.04, -0.02)],
    ],
    ..STANDING_FRONT
};

/// The pose of a posture, from the side or the front; one who lies is drawn as one who stands, turned.
pub(super) fn pose(posture: Posture, turned: bool) -> &'static Pose {
    match (posture, turned) {
        (Posture::Sitting, true) => &SITTING_SIDE,
        (Posture::Sitting, false) => &SITTING_FRONT,
        (Posture::Kneeling, true) => &KNEELING_SIDE,
        (Posture::Kneeling, false) => &KNEELING_FRONT,
        (Posture::Walking, true) => &WALKING_SIDE,
        (Posture::Walking, false) => &WALKING_FRONT,
        (Posture::Running, true) => &RUNNING_SIDE,
        (Posture::Running, false) => &RUNNING_FRONT,
        (Posture::Standing | Posture::Lying, true) => &STANDING_SIDE,
        (Posture::Standing | Posture::Lying, false) => &STANDING_FRONT,
    }
}

/// Where the eyes are above the ground, of the standing height.
pub(super) fn eye_line(posture: Posture) -> f32 {
    if posture == Posture::Lying {
        0.09
    } else {
        -pose(posture, true).head.1
    }
}
