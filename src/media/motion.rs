//! Camera moves: their titles, and the window of the still that each shows at each frame.

use aiut_film::words::Movement;

/// What a push-in ends on and a pull-out begins with, of the whole still.
pub(crate) const PUSH: f32 = 0.84;
/// The same of a zoom, which goes further.
pub(crate) const ZOOM: f32 = 0.74;

/// A part of the still, in thousandths: left, top, size. It has the still's own shape.
type Window = (u32, u32, u32);

const WHOLE: Window = (0, 0, 1000);
const PUSHED: Window = (80, 80, 840);
const ZOOMED: Window = (130, 130, 740);

/// A movement as a slate says it.
#[must_use]
pub fn title(movement: Movement) -> &'static str {
    match movement {
        Movement::Static => "Static",
        Movement::PanLeft => "Pan left",
        Movement::PanRight => "Pan right",
        Movement::TiltUp => "Tilt up",
        Movement::TiltDown => "Tilt down",
        Movement::PushIn => "Push in",
        Movement::PullOut => "Pull out",
        Movement::Dolly => "Dolly in",
        Movement::TrackLeft => "Track left",
        Movement::TrackRight => "Track right",
        Movement::CraneUp => "Crane up",
        Movement::CraneDown => "Crane down",
        Movement::Handheld => "Handheld",
        Movement::ZoomIn => "Zoom in",
        Movement::RackFocus => "Rack focus",
    }
}

/// The windows that the first and the last frame show.
fn windows(movement: Movement) -> (Window, Window) {
    match movement {
        Movement::Static | Movement::RackFocus => (WHOLE, WHOLE),
        Movement::PanLeft => ((130, 65, 870), (0, 65, 870)),
        Movement::PanRight => ((0, 65, 870), (130, 65, 870)),
        Movement::TiltUp => ((65, 130, 870), (65, 0, 870)),
        Movement::TiltDown => ((65, 0, 870), (65, 130, 870)),
        Movement::PushIn | Movement::Dolly => (WHOLE, PUSHED),
        Movement::PullOut => (PUSHED, WHOLE),
        Movement::TrackLeft => ((160, 80, 840), (0, 80, 840)),
        Movement::TrackRight => ((0, 80, 840), (160, 80, 840)),
        Movement::CraneUp => ((80, 160, 840), (30, 0, 940)),
        Movement::CraneDown => ((30, 0, 940), (80, 160, 840)),
        Movement::Handheld => ((20, 20, 960), (20, 20, 960)),
        Movement::ZoomIn => (WHOLE, ZOOMED),
    }
}

/// ffmpeg's `perspective` filter for this move over `frames` frames, slow at both ends; nothing
/// where the picture does not move. `perspective` was measured to jitter by 0.01 px where
/// `zoompan` jitters by 0.28, and gives the same bytes on every processor.
pub(crate) fn filter(movement: Movement, frames: u32) -> Option<String> {
    let (from, to) = windows(movement);
    let (x, y, size) = if movement == Movement::Handheld {
        // Two slow sways that never meet, as of somebody who stands and breathes.
        (
            "0.02+0.010*sin(on*0.110)+0.006*sin(on*0.271+1)".to_owned(),
            "0.02+0.009*sin(on*0.143+2)+0.007*sin(on*0.317)".to_owned(),
            "0.96".to_owned(),
        )
    } else if from == to {
        return None;
    } else {
        // `on` counts from 1 in this filter.
        let last = frames.saturating_sub(1).max(1);
        let ease = format!("(0.5-0.5*cos(PI*(on-1)/{last}))");
        let between = |a: u32, b: u32| {
            let step = if b >= a {
                format!("+{}", thousandths(b - a))
            } else {
                format!("-{}", thousandths(a - b))
            };
            if a == b {
                thousandths(a)
            } else {
                format!("{}{step}*{ease}", thousandths(a))
            }
        };
        (
            between(from.0, to.0),
            between(from.1, to.1),
            between(from.2, to.2),
        )
    };
    let (left, top) = (format!("W*({x})"), format!("H*({y})"));
    let (right, bottom) = (format!("W*({x}+{size})"), format!("H*({y}+{size})"));
    Some(format!(
        "perspective=x0='{left}':y0='{top}':x1='{right}':y1='{top}':x2='{left}':y2='{bottom}':x3='{right}':y3='{bottom}'\
             :sense=source:interpolation=cubic:eval=frame"
    ))
}

fn thousandths(value: u32) -> String {
    format!("{}.{:03}", value / 1000, value % 1000)
}

#[cfg(test)]
mod tests {
    use aiut_film::words::Vocabulary as _;

    use super::*;

    #[test]
    fn every_window_lies_inside_the_still() {
        for movement in Movement::ALL {
            let (from, to) = windows(*movement);
            for (x, y, size) in [from, to] {
                assert!(x + size <= 1000 && y + size <= 1000, "{movement}");
            }
        }
        assert!(
            (PUSH * 1000.0) as u32 == PUSHED.2 && (ZOOM * 1000.0) as u32 == ZOOMED.2,
            "the panel draws what the clip does"
        );
    }

    #[test]
    fn what_does_not_move_needs_no_filter() {
        assert_eq!(filter(Movement::Static, 72), None);
        assert_eq!(filter(Movement::RackFocus, 72), None);
        let push = filter(Movement::PushIn, 1).expect("moves");
        assert!(push.contains("/1))") && !push.contains("/0"), "{push}");
    }
}
