//! How scripts speak of filming: the words that aim and move the camera, and those that speak of us who
//! watch, as tables. What is made of them is in `viewer`.

/// An opening that only aims the camera; what it aims at stays.
pub(super) struct Aim {
    pub(super) words: &'static str,
    /// Whether it is talk of the camera in small letters, too: "Close on the letter".
    pub(super) any_case: bool,
}

const fn shouted(words: &'static str) -> Aim {
    Aim {
        words,
        any_case: false,
    }
}

const fn told(words: &'static str) -> Aim {
    Aim {
        words,
        any_case: true,
    }
}

#[rustfmt::skip]
pub(super) const AIMS: &[Aim] = &[
    told("angle on"), told("another angle on"), told("new angle on"), told("new angle"), told("wide angle on"),
    told("low angle on"), told("high angle on"), told("reverse angle on"), told("reverse angle"), told("reverse to"), told("quick montage as"), told("quick montage"),
    told("close angle on"), told("close on"), told("closer on"), told("in close on"), told("close shot of"),
    told("close shot on"), told("close shot"), told("close up on"), told("close-up on"), told("close up of"),
    told("close-up of"), told("close up"), told("close-up"), told("closeup on"), told("closeup of"),
    told("closeup"), told("extreme close on"), told("extreme close up on"), told("extreme close up of"),
    told("extreme close-up on"), told("extreme close-up of"), told("extreme close up"), told("extreme close-up"),
    told("extreme closeup"), told("medium shot of"), told("medium shot on"), told("medium shot"), told("med. shot"),
    told("full shot"), told("long shot of"), told("long shot"), told("two shot of"), told("two-shot of"),
    told("two shot"), told("two-shot"), told("establishing shot of"), told("establishing shot"),
    told("tracking shot of"), told("tracking shot"), told("moving shot"), told("aerial shot of"),
    told("aerial shot"), told("aerial view of"), told("single shots of"), told("single shots"),
    told("single shot of"), told("single shot on"), told("single shot"), told("quick shots of"),
    told("quick shots:"), told("we look over to find"), told("we look up to find"), told("we look down to find"),
    told("shot of"), told("tight on"), told("tight shot of"),
    told("wide on"), told("wide shot of"), told("wide shot"), told("wide angle"), told("insert of"),
    told("insert shot of"), told("insert shot"), told("we hold on"), told("we stay on"), told("in a single shot,"),
    told("instead, we hold on"), told("various shots:"), told("various shots of"), told("quick montage:"),
    told("montage:"), told("montage of"), told("series of shots:"), told("begin montage:"), told("quick cuts of"),
    told("quick cuts:"), shouted("back on"), shouted("back to"), shouted("c.u."), shouted("cu"), shouted("ecu"),
    shouted("favoring"), shouted("favouring"), shouted("find"), shouted("focus on"), shouted("follow"),
    shouted("hold on"), shouted("holding on"), shouted("insert"), shouted("on"), shouted("pov"), shouted("reveal"),
    shouted("reverse on"), shouted("reverse to"), shouted("smash cut to"), shouted("cut to"),
    shouted("jump cut to"), shouted("match cut to"), shouted("flash cut to"), shouted("quick flash"),
    shouted("stay on"), shouted("widen to"), shouted("wider"),
];

/// What the camera does, by the first word of it, and what must follow the word if it is also done by
/// people: "pan", but "push" only "in", "out" or "past".
#[rustfmt::skip]
pub(super) const MOVES: &[(&str, &str)] = &[
    ("arc", ""), ("boom", "up down"), ("circle", ""), ("close", "in on"), ("crane", ""), ("creep", "in closer"),
    ("cut", "to back between"), ("descend", ""), ("dissolve", "to"), ("dolly", ""), ("drift", ""),
    ("fade", "in to up"), ("flash", "back to"), ("float", ""), ("fly", ""), ("glide", ""), ("hold", "on"),
    ("intercut", ""), ("inch", "in closer"), ("move", ""), ("orbit", ""), ("pan", ""),
    ("pull", "back out away up focus"), ("push", "in into through past out forward closer"), ("race", ""),
    ("rack", "focus to"), ("return", "to"), ("reverse", ""), ("rise", ""), ("rotate", ""), ("rush", ""),
    ("settle", "on"), ("slide", ""), ("smash", "to"), ("sweep", ""), ("swing", ""), ("swish", ""), ("swoop", ""),
    ("tilt", ""), ("track", ""), ("travel", ""), ("truck", ""), ("whip", "pan to"), ("widen", ""), ("zoom", ""),
];

/// Moves that are never anything else in a script, so that they stand without "we": "Pan across the
/// room."
#[rustfmt::skip]
pub(super) const BARE: &[&str] = &[
    "dolly", "intercut", "pan", "rack", "tilt", "zoom", "whip", "widen", "crane",
];

/// What follows such a move.
#[rustfmt::skip]
pub(super) const BARE_AFTER: &[&str] = &[
    "across", "along", "around", "away", "back", "down", "focus", "from", "in", "into", "left", "off", "out",
    "over", "past", "pan", "right", "slowly", "through", "to", "toward", "towards", "up", "with",
];

/// More that "we" do and that moves the camera, but not without "we".
#[rustfmt::skip]
pub(super) const OUR_MOVES: &[&str] = &[
    "are", "arrive", "climb", "come", "continue", "drop", "enter", "fall", "go", "keep", "lead", "leave", "look",
    "pass", "reach", "approach", "ride", "run", "shift", "sink", "stay", "step", "turn", "walk",
];

/// What leads to the thing that a move of the camera shows.
#[rustfmt::skip]
pub(super) const SHOWS: &[&str] = &[
    "to reveal", "to show", "to find", "to see", "to include", "to discover", "revealing", "showing", "finding",
    "discovering", "until we find", "until we see", "and find", "and see", "and reveal", "and discover",
    "settling on", "landing on", "ending on", "stopping on", "finally find",
];

/// What leads from a move to the thing that it moves to or over.
#[rustfmt::skip]
pub(super) const TOWARDS: &[&str] = &[
    "in on", "onto", "on to", "on", "over to", "to", "across", "along", "past", "through", "into", "toward",
    "towards", "with", "around", "above", "over", "under", "behind", "inside", "down", "up", "at",
];

/// Phrases that only say that we look: before what is seen.
#[rustfmt::skip]
pub(super) const WE_SEE: &[&str] = &[
    "we hear and see ", "we see and hear ",
    "we can see that ", "we can see ", "we can just see ", "we can make out ", "we see that ", "we see as ",
    "we see ", "we also see ", "we now see ", "we then see ", "we finally see ", "we only see ", "we just see ",
    "we notice that ", "we notice ", "we realize that ", "we realise that ", "we find ", "we discover ",
    "we glimpse ", "we meet ", "we reveal ", "we watch as ", "we watch ", "we look to see ", "we get to see ", "we realize why: ", "we see why: ", "we understand why: ", "we realise why: ", "we spot ",
    "we recognize ", "we recognise ", "we catch sight of ", "we catch a glimpse of ", "we get a glimpse of ",
    "we get our first look at ", "we get a look at ", "we get an angle on ", "we look at ", "we finds ",
    "we reveals ", "we discovers ",
];

/// Phrases that only say that we hear: before what is heard.
#[rustfmt::skip]
pub(super) const WE_HEAR: &[&str] = &[
    "we can hear ", "we now hear ", "we hear ", "we begin to hear ", "we just hear ",
];

/// Where a clause about "us" or the camera begins within a sentence.
#[rustfmt::skip]
pub(super) const JOINTS: &[&str] = &[
    " as we ", " while we ", " and we ", " until we ", " when we ", " but we ", " so we ", " then we ", ", we ",
    "; we ", " -- we ", " – we ", " — we ", " as the camera ", " as camera ", " while the camera ",
    " and the camera ", ", the camera ", " -- the camera ", " as we're ",
];

/// A sentence without one of these says nothing to the viewer.
#[rustfmt::skip]
pub(super) const MARKS: &[&str] = &[
    "we", "us", "our", "camera", "frame", "screen", "shot", "o.s", "o.c", "b.g", "f.g", "slo", "m.o.s",
];

/// Talk of the frame, and what it means.
#[rustfmt::skip]
pub(super) const JARGON: &[(&str, &str)] = &[
    ("enters frame", "comes into view"), ("enters the frame", "comes into view"), ("enter frame", "come into view"),
    ("enter the frame", "come into view"), ("entering frame", "coming into view"), ("exits frame", "leaves"),
    ("exits the frame", "leaves"), ("exit frame", "leave"), ("leaves frame", "leaves"),
    ("leaves the frame", "leaves"), ("into frame", "into view"), ("into the frame", "into view"),
    ("out of frame", "out of view"), ("out of the frame", "out of view"), ("out of shot", "out of view"),
    ("in frame", "in view"), ("on frame", "in view"), ("off-camera", "out of view"), ("off camera", "out of view"),
    ("off-screen", "out of view"), ("off screen", "out of view"), ("offscreen", "out of view"),
    ("o.s.", "out of view"), ("o.c.", "out of view"), ("on-camera", "in view"), ("on camera", "in view"),
    ("camera left", "left"), ("camera right", "right"), ("screen left", "left"), ("screen right", "right"),
    ("frame left", "left"), ("frame right", "right"), ("in the b.g.", "in the background"),
    ("in b.g.", "in the background"), ("b.g.", "background"), ("in the f.g.", "in the foreground"),
    ("in f.g.", "in the foreground"), ("f.g.", "foreground"), ("slo-mo", "slow motion"), ("slo mo", "slow motion"),
    ("m.o.s.", "without a sound"), ("toward us", "toward the camera"), ("towards us", "towards the camera"),
    ("to us", "to the camera"), ("at us", "at the camera"), ("past us", "past the camera"),
    ("over us", "over the camera"), ("above us", "above the camera"), ("behind us", "behind the camera"),
    ("before us", "before the camera"), ("around us", "around the camera"), ("from us", "from the camera"),
    ("our hero", "the hero"), ("our heroes", "the heroes"), ("our view", "the view"),
];
