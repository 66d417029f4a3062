//! Where people stand in a picture: at the height that the framing has for them, each where the shot
//! has put them, and no face over another, however narrow the picture is.

use aiut_film::request::{Figure, Panel};
use aiut_film::words::{CameraHeight, Depth, Facing, Posture, ShotSize};

use super::figure::HEAD;
use super::framing::Framing;
use super::head::{side, turned};
use super::pose::{eye_line, pose};

/// Half the width of a head with its hair, of the standing height.
const HALF_HEAD: f32 = HEAD * 1.12;

/// What lies between two heads, of their widths.
const GAP: f32 = 1.08;

/// From the middle of the body of one who lies to the head, of the standing height.
const LYING: f32 = 0.43;

/// Where somebody is in the picture.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) x: f32,
    /// Where the feet are, or would be.
    pub(super) ground: f32,
    pub(super) stature: f32,
    /// Middle of the face.
    pub(super) head: f32,
    /// Height of the face.
    pub(super) face: f32,
    /// Top of what is drawn.
    pub(super) top: f32,
    /// Half the width of the head.
    pub(super) half: f32,
}

impl Place {
    /// Moves somebody sideways until the head is at `head`.
    fn shift(&mut self, head: f32) {
        self.x += head - self.head;
        self.head = head;
    }
}

/// How large the head of one who is seen from behind is in a picture `w` wide: the other one keeps
/// most of it.
pub(super) fn shoulder_head(w: f32) -> f32 {
    (w * 0.2).min(270.0)
}

/// Where everybody of a panel is, in their order, in a picture `w` wide with its horizon there.
pub(super) fn places(panel: &Panel, framing: &Framing, w: f32, horizon: f32) -> Vec<Place> {
    let figures = &panel.figures;
    let fair = framing.stature.min(stature_abreast(figures, w, framing));
    let mut places: Vec<Place> = figures
        .iter()
        .map(|figure| match (figure.shoulder, framing.eyes) {
            (true, _) => behind(figure, w),
            (false, Some(line)) => {
                let abreast = figures.iter().filter(|one| !one.shoulder).count() > 1;
                let stature = fair * nearness(figure.depth, framing);
                close(panel, figure, across(figure, w), stature, line, abreast)
            }
            (false, None) => {
                let stature = fair * nearness(figure.depth, framing);
                whole(panel, figure, across(figure, w), stature, horizon)
            }
        })
        .collect();
    apart(figures, &mut places, w);
    places
}

/// How much larger somebody is who is near, and smaller who is far.
fn nearness(depth: Depth, framing: &Framing) -> f32 {
    let [far, mid, near] = if framing.eyes.is_some() {
        [0.74, 1.0, 1.16]
    } else {
        [0.68, 1.0, 1.3]
    };
    match depth {
        Depth::Near => near,
        Depth::Mid => mid,
        Depth::Far => far,
    }
}

/// The room between those who are seen from behind.
fn room(figures: &[Figure], w: f32) -> (f32, f32) {
    let is_there = |left: bool| {
        let mut behind = figures.iter().filter(|figure| figure.shoulder);
        behind.any(|figure| (figure.x < 500) == left)
    };
    let taken = w * 0.1 + shoulder_head(w) * 1.05;
    (
        if is_there(true) { taken } else { 0.0 },
        if is_there(false) { w - taken } else { w },
    )
}

/// The stature at which all who share a picture find room for their faces beside each other.
fn stature_abreast(figures: &[Figure], w: f32, framing: &Framing) -> f32 {
    let beside = figures.iter().filter(|figure| !figure.shoulder);
    let (count, sum) = beside.fold((0, 0.0), |(count, sum), figure| {
        (count + 1, sum + nearness(figure.depth, framing))
    });
    let (left, right) = room(figures, w);
    match count {
        0 => f32::MAX,
        1 if figures.len() == 1 => f32::MAX,
        _ => (right - left) / (sum * HALF_HEAD * 2.0 * GAP),
    }
}

fn across(figure: &Figure, w: f32) -> f32 {
    figure.x.min(1000) as f32 / 1000.0 * w
}

/// How far right of the body's middle the head is, of the standing height.
fn head_offset(figure: &Figure) -> f32 {
    match (figure.posture, figure.facing) {
        (Posture::Lying, Facing::Right) => LYING,
        (Posture::Lying, _) => -LYING,
        (posture, facing) => pose(posture, turned(facing)).head.0 * side(facing),
    }
}

/// Seen from behind, large at the edge.
fn behind(figure: &Figure, w: f32) -> Place {
    let half = shoulder_head(w);
    let x = if figure.x < 500 { w * 0.1 } else { w * 0.9 };
    // The lower the smaller: a back reaches to the lower edge.
    let face = (1000.0 - half * 2.9).max(520.0);
    Place {
        x,
        ground: 1000.0,
        stature: half / HEAD,
        head: x,
        face,
        top: face - half,
        half,
    }
}

/// In a framing that puts the eyes at `line`, with the head at `head`.
fn close(
    panel: &Panel,
    figure: &Figure,
    head: f32,
    stature: f32,
    line: f32,
    abreast: bool,
) -> Place {
    let eyes = eye_line(figure.posture);
    // Somebody lower than a standing one is lower in a frame that both share.
    let drop = if abreast {
        ((0.93 - eyes) * stature).min(170.0)
    } else {
        0.0
    };
    let tilt = match panel.height {
        CameraHeight::Low => 30.0,
        CameraHeight::Ground => 48.0,
        CameraHeight::High => -24.0,
        CameraHeight::Eye | CameraHeight::Overhead => 0.0,
    };
    let face = line + drop + tilt;
    let x = head - head_offset(figure) * stature;
    Place {
        x,
        ground: face + eyes * stature,
        stature,
        head,
        face,
        top: face - HEAD * 1.3 * stature,
        half: HALF_HEAD * stature,
    }
}

/// Where all of somebody is to be seen, on the ground at `x`.
fn whole(panel: &Panel, figure: &Figure, x: f32, stature: f32, horizon: f32) -> Place {
    let near = match figure.depth {
        Depth::Far => 0,
        Depth::Mid => 1,
        Depth::Near => 2,
    };
    let eyes = eye_line(figure.posture);
    let share = match panel.size {
        ShotSize::Ews => [0.2, 0.38, 0.62],
        ShotSize::Ws => [0.4, 0.64, 0.92],
        _ => [0.62, 0.86, 0.97],
    };
    let ground = horizon + (1000.0 - horizon) * share[near];
    let high = panel.height == CameraHeight::High;
    // A head is never above the frame.
    let stature = (stature * if high { 0.9 } else { 1.0 })
        .min((ground - 70.0) / (eyes + HEAD * 1.4).max(0.4));
    let head = x + head_offset(figure) * stature;
    Place {
        x,
        ground,
        stature,
        head,
        face: ground - eyes * stature,
        top: ground - (eyes + HEAD * 1.3) * stature,
        half: HALF_HEAD * stature,
    }
}

/// Where everybody is who is seen from straight above.
pub(super) fn from_straight_above(panel: &Panel, w: f32) -> Vec<Place> {
    /// Half the shoulders, of the size.
    const HALF: f32 = 0.56;
    let size: f32 = match panel.size {
        ShotSize::Ews | ShotSize::Ws => 190.0,
        _ => 290.0,
    };
    let size = size.min(w / (panel.figures.len().max(1) as f32 * HALF * 2.0 * GAP));
    let mut places: Vec<Place> = panel
        .figures
        .iter()
        .map(|figure| {
            let y = match figure.depth {
                Depth::Far => 290.0,
                Depth::Mid => 500.0,
                Depth::Near => 720.0,
            };
            let x = across(figure, w);
            Place {
                x,
                ground: y,
                stature: size,
                head: x,
                face: y,
                top: y - size * 0.5,
                half: size * HALF,
            }
        })
        .collect();
    apart(&panel.figures, &mut places, w);
    places
}

/// Moves people sideways, as little as may be, until no face is over another or outside the picture.
///
/// Of heads in a row each wants to be where it is and must be some way right of the one before. Less
/// these ways, the wishes must not fall; where they do, neighbours meet at their mean (least squares
/// by pooling).
fn apart(figures: &[Figure], places: &mut [Place], w: f32) {
    let (left, right) = room(figures, w);
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.retain(|at| !figures[*at].shoulder);
    order.sort_by(|a, b| places[*a].head.total_cmp(&places[*b].head));
    let Some((first, last)) = order.first().zip(order.last()) else {
        return;
    };
    let mut way = 0.0;
    let mut ways = vec![0.0];
    for pair in order.windows(2) {
        way += (places[pair[0]].half + places[pair[1]].half) * GAP;
        ways.push(way);
    }
    // Sum of wishes and how many, of those who meet.
    let mut pools: Vec<(f32, f32)> = Vec::with_capacity(order.len());
    for (at, way) in order.iter().zip(&ways) {
        pools.push((places[*at].head - way, 1.0));
        while let [.., (before, many), (sum, count)] = pools.as_slice()
            && before / many > sum / count
        {
            let joined = (before + sum, many + count);
            pools.truncate(pools.len() - 2);
            pools.push(joined);
        }
    }
    let (low, high) = (left + places[*first].half, right - places[*last].half - way);
    let wishes: Vec<f32> = pools
        .iter()
        .flat_map(|(sum, count)| std::iter::repeat_n(sum / count, *count as usize))
        .collect();
    for ((at, way), wish) in order.iter().zip(&ways).zip(wishes) {
        // A face that is larger than the picture stays in its middle.
        let wish = if low <= high {
            wish.clamp(low, high)
        } else {
            (low + high) / 2.0
        };
        places[*at].shift(wish + way);
    }
}

#[cfg(test)]
mod tests {
    use aiut_film::words::Vocabulary as _;

    use super::super::framing::framing;
    use super::super::samples::{blank, person};
    use super::*;

    fn faces(places: &[Place]) -> Vec<(f32, f32, f32)> {
        let face = |place: &Place| (place.head, place.face, place.half * 0.72);
        places.iter().map(face).collect()
    }

    /// Whether two faces lie over each other.
    fn meet(a: (f32, f32, f32), b: (f32, f32, f32)) -> bool {
        (a.0 - b.0).abs() < a.2 + b.2 && (a.1 - b.1).abs() < a.2 + b.2
    }

    #[test]
    fn no_face_is_over_another_in_any_shape_of_picture() {
        let mut panel = blank().panel;
        let names = ["Ana", "Bo", "Cy", "Di", "Eve"];
        for w in [462.0, 562.5, 800.0, 1000.0, 1333.0, 1778.0, 2390.0] {
            for size in ShotSize::ALL {
                for posture in Posture::ALL {
                    for depth in Depth::ALL {
                        for spread in [0, 40, 220] {
                            for many in 2..=5u32 {
                                panel.size = *size;
                                panel.figures = (0..many)
                                    .map(|n| {
                                        let x = 500 + n * spread - (many - 1) * spread / 2;
                                        person(names[n as usize], x, Facing::Camera, "#446688")
                                    })
                                    .collect();
                                panel.figures[0].posture = *posture;
                                panel.figures[1].depth = *depth;
                                let places = places(&panel, &framing(*size), w, 600.0);
                                let faces = faces(&places);
                                for (at, one) in faces.iter().enumerate() {
                                    assert!(
                                        !faces[at + 1..].iter().any(|other| meet(*one, *other)),
                                        "{w} {size} {posture} {depth} {spread} {faces:?}"
                                    );
                                    assert!(
                                        one.0 - one.2 >= -1.0 && one.0 + one.2 <= w + 1.0,
                                        "{w} {size} {posture} {depth} {spread} {faces:?}"
                                    );
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_back_at_the_edge_covers_no_face() {
        let mut panel = blank().panel;
        panel.size = ShotSize::Ots;
        for w in [462.0, 562.5, 800.0, 1000.0, 1778.0] {
            for x in [120, 400, 660, 900] {
                panel.figures = vec![
                    person("Ana", x, Facing::Left, "#446688"),
                    person("Bo", 1000 - x, Facing::Away, "#884466"),
                ];
                panel.figures[1].shoulder = true;
                let places = places(&panel, &framing(panel.size), w, 600.0);
                let (face, back) = (&places[0], &places[1]);
                let free = (face.head - back.head).abs() - face.half * 0.72 - back.half;
                assert!(free > 0.0, "{w} {x}: {face:?} {back:?}");
            }
        }
    }

    #[test]
    fn those_who_have_room_stay_where_the_shot_puts_them() {
        let mut panel = blank().panel;
        panel.size = ShotSize::TwoShot;
        panel.figures = vec![
            person("Ana", 300, Facing::Right, "#446688"),
            person("Bo", 700, Facing::Left, "#884466"),
        ];
        let places = places(&panel, &framing(panel.size), 1778.0, 600.0);
        assert_eq!(
            [places[0].head.round(), places[1].head.round()],
            [533.0, 1245.0]
        );
    }
}
