//! One verb a file. A new command is its file and its line in this table; help, completions, man
//! pages and dispatch follow.

use super::Outcome;
use super::context::Context;
use super::error::CliError;

/// A command that was read from the command line.
trait Run {
    /// Does it.
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError>;
}

macro_rules! commands {
    ($($title:literal { $($module:ident: $variant:ident($arguments:ident),)* })*) => {
        $($(mod $module;)*)*

        /// Every command.
        #[derive(Debug, clap::Subcommand)]
        #[command(defer = true)]
        pub(super) enum Command {
            $($(
                #[allow(missing_docs, reason = "the help text stands at the arguments")]
                $variant($module::$arguments),
            )*)*
        }

        impl Command {
            /// Does it.
            pub(super) fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
                match self {
                    $($(Self::$variant(arguments) => arguments.run(context),)*)*
                }
            }
        }

        /// The groups of the help, in order: title, commands.
        const GROUPS: &[(&str, &[&str])] = &[
            $(($title, &[$(stringify!($module)),*])),*
        ];
    };
}

commands! {
    "Keep versions" {
        init: Init(InitArgs),
        import: Import(ImportArgs),
        status: Status(StatusArgs),
        commit: Commit(CommitArgs),
        log: Log(LogArgs),
        blame: Blame(BlameArgs),
        note: Note(NoteArgs),
        bisect: Bisect(BisectArgs),
        show: Show(ShowArgs),
        diff: Diff(DiffArgs),
        revisions: Revisions(RevisionsArgs),
        cat: Cat(CatArgs),
        ls: Ls(LsArgs),
        search: Search(SearchArgs),
        open: Open(OpenArgs),
    }
    "Timelines" {
        branch: Branch(BranchArgs),
        timeline: Timeline(TimelineArgs),
        switch: Switch(SwitchArgs),
        tag: Tag(TagArgs),
        merge: Merge(MergeArgs),
        rebase: Rebase(RebaseArgs),
        restore: Restore(RestoreArgs),
        revert: Revert(RevertArgs),
        cherry_pick: CherryPick(CherryPickArgs),
        resolve: Resolve(ResolveArgs),
        undo: Undo(UndoArgs),
        redo: Redo(RedoArgs),
        op: Op(OpArgs),
    }
    "With a team" {
        clone: Clone(CloneArgs),
        remote: Remote(RemoteArgs),
        fetch: Fetch(FetchArgs),
        pull: Pull(PullArgs),
        push: Push(PushArgs),
        hydrate: Hydrate(HydrateArgs),
        dehydrate: Dehydrate(DehydrateArgs),
        export: Export(ExportArgs),
    }
    "Make the film" {
        scenes: Scenes(ScenesArgs),
        shots: Shots(ShotsArgs),
        stages: Stages(StagesArgs),
        plan: Plan(PlanArgs),
        stale: Stale(StaleArgs),
        why: Why(WhyArgs),
        generate: Generate(GenerateArgs),
        play: Play(PlayArgs),
        takes: Takes(TakesArgs),
        pick: Pick(PickArgs),
        accept: Accept(AcceptArgs),
        approve: Approve(ApproveArgs),
        deps: Deps(DepsArgs),
        cost: Cost(CostArgs),
        continuity: Continuity(ContinuityArgs),
        mirror: Mirror(MirrorArgs),
        explain: Explain(ExplainArgs),
        whence: Whence(WhenceArgs),
    }
    "Upkeep" {
        fsck: Fsck(FsckArgs),
        gc: Gc(GcArgs),
        du: Du(DuArgs),
        config: Config(ConfigArgs),
        hooks: Hooks(HooksArgs),
        trust: Trust(TrustArgs),
        doctor: Doctor(DoctorArgs),
        completions: Completions(CompletionsArgs),
        man: Man(ManArgs),
        textconv: Textconv(TextconvArgs),
        merge_driver: MergeDriver(MergeDriverArgs),
        help: Help(HelpArgs),
        version: Version(VersionArgs),
    }
}

/// The command line with its commands listed in groups, in so many columns.
pub(super) fn grouped(command: clap::Command, columns: usize) -> clap::Command {
    let mut command = command.term_width(columns);
    command.build();
    let mut list = String::new();
    for (title, names) in GROUPS {
        list += &format!("\n{title}:\n");
        for name in *names {
            let name = name.replace('_', "-");
            let about = command
                .find_subcommand(&name)
                .and_then(clap::Command::get_about);
            let about = about.map(ToString::to_string).unwrap_or_default();
            list += &entry(&name, &about, columns);
        }
    }
    command.help_template(format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n{list}\n\
         `aiut COMMAND --help` tells about one command.\n\nOptions:\n{{options}}{{after-help}}"
    ))
}

/// Where what a command does begins.
const INDENT: usize = 15;
/// Fewest columns that it is broken into.
const LEAST_ABOUT: usize = 20;

/// A command with what it does, broken so that it fits.
fn entry(name: &str, about: &str, columns: usize) -> String {
    let most = columns.saturating_sub(INDENT).max(LEAST_ABOUT);
    let mut text = format!("  {name:<12} ");
    let mut used = 0;
    for word in about.split(' ') {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > most {
            text += &format!("\n{}", " ".repeat(INDENT));
            used = 0;
        } else if used > 0 {
            text.push(' ');
            used += 1;
        }
        text += word;
        used += length;
    }
    text + "\n"
}
