//! Who commits: the environment, else aiut's own settings, else git's. Name and address are found
//! each on its own, as git does it.

use std::path::{Path, PathBuf};

use gix::config::file::{Metadata, includes, init};
use gix::config::path::interpolate;
use gix::config::{File, Source};

use super::user::UserConfig;
use crate::object::Person;

/// Why nobody can be named as author.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// No source says the name, the address, or both.
    #[error("{}", missing(*name, *email))]
    Missing {
        /// The name is missing.
        name: bool,
        /// The address is missing.
        email: bool,
    },
    /// A name or address that cannot stand in a commit.
    #[error("{value:?} from {source_name} cannot be used as author: {problem}")]
    Unusable {
        /// The value.
        value: String,
        /// Where it came from.
        source_name: IdentitySource,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Git's configuration is broken.
    #[error("git's configuration cannot be read for your name: {0}")]
    Git(String),
}

/// Where a name or an address came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentitySource {
    /// A variable of the environment.
    Environment,
    /// The user's settings.
    User,
    /// Git's.
    Git,
}

impl std::fmt::Display for IdentitySource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Environment => "the environment",
            Self::User => "aiut's configuration",
            Self::Git => "git's configuration",
        })
    }
}

fn missing(name: bool, email: bool) -> &'static str {
    match (name, email) {
        (true, false) => "your name is not known",
        (false, true) => "your mail address is not known",
        _ => "your name and mail address are not known",
    }
}

impl IdentityError {
    /// What to type to be known.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        let (name, email) = match self {
            Self::Missing { name, email } => (*name, *email),
            Self::Unusable { .. } => (true, true),
            Self::Git(_) => return Vec::new(),
        };
        let mut hints = Vec::new();
        if name {
            hints.push("aiut config author.name \"Your Name\"".to_owned());
        }
        if email {
            hints.push("aiut config author.email you@example.org".to_owned());
        }
        hints
    }
}

/// The files in which git would look, the weakest first.
#[derive(Debug, Clone, Default)]
pub struct GitFiles {
    /// With the rank that git gives each.
    files: Vec<(PathBuf, Source)>,
    home: Option<PathBuf>,
    git_folder: Option<PathBuf>,
}

impl GitFiles {
    /// Git's files for this environment, and for the repository that `folder` lies in.
    #[must_use]
    pub fn find(variable: &dyn Fn(&str) -> Option<String>, folder: &Path) -> Self {
        let mut files = Vec::new();
        let truth = variable("GIT_CONFIG_NOSYSTEM").unwrap_or_default();
        if matches!(
            truth.to_ascii_lowercase().as_str(),
            "" | "0" | "false" | "no" | "off"
        ) {
            let system = variable("GIT_CONFIG_SYSTEM").unwrap_or_else(|| "/etc/gitconfig".into());
            files.push((PathBuf::from(system), Source::System));
        }
        for source in [Source::Git, Source::User] {
            let path = source.storage_location(&mut |name| variable(name).map(Into::into));
            files.extend(path.map(|path| (path, source)));
        }
        let git_folder = folder
            .ancestors()
            .find_map(|folder| git_folder(&folder.join(".git")));
        if let Some(folder) = &git_folder {
            files.push((folder.join("config"), Source::Local));
        }
        Self {
            files,
            home: variable("HOME").map(PathBuf::from),
            git_folder,
        }
    }

    fn read(&self) -> Result<Option<File>, IdentityError> {
        let options = init::Options {
            includes: includes::Options::follow(
                interpolate::Context {
                    home_dir: self.home.as_deref(),
                    ..interpolate::Context::default()
                },
                includes::conditional::Context {
                    git_dir: self.git_folder.as_deref(),
                    branch_name: None,
                },
            ),
            ..init::Options::default()
        };
        let mut there = Vec::new();
        for (path, source) in &self.files {
            if is_there(path)? {
                there.push(Metadata {
                    path: Some(path.clone()),
                    ..Metadata::from(*source)
                });
            }
        }
        let mut metadata = there.into_iter();
        File::from_paths_metadata_buf(&mut metadata, &mut Vec::new(), false, options)
            .map_err(|error| IdentityError::Git(error.to_string()))
    }
}

/// Whether a file of settings is there. Of one that cannot be looked at nobody knows whom it names.
fn is_there(path: &Path) -> Result<bool, IdentityError> {
    use std::io::ErrorKind::{NotADirectory, NotFound};
    match crate::base::fault::read(path).and_then(|()| std::fs::metadata(path)) {
        Ok(about) => Ok(about.is_file()),
        Err(error) if matches!(error.kind(), NotFound | NotADirectory) => Ok(false),
        Err(error) => Err(IdentityError::Git(format!(
            "cannot read {}: {error}",
            path.display()
        ))),
    }
}

/// The folder that holds the configuration of the repository at this `.git`, which is a file in
/// git's linked work trees.
fn git_folder(dot_git: &Path) -> Option<PathBuf> {
    if dot_git.is_dir() {
        return Some(dot_git.to_owned());
    }
    let text = super::toml_file::read_text(dot_git).ok()?;
    let linked = dot_git.parent()?.join(text.strip_prefix("gitdir:")?.trim());
    match super::toml_file::read_text(&linked.join("commondir")) {
        Ok(common) => Some(linked.join(common.trim())),
        Err(_) => Some(linked),
    }
}

/// Who is at the keyboard.
///
/// # Errors
/// `Missing` has hints that say what to type.
pub fn resolve_identity(
    variable: &dyn Fn(&str) -> Option<String>,
    user: &UserConfig,
    git: &GitFiles,
) -> Result<Person, IdentityError> {
    let mut name = first([
        (variable("AIUT_AUTHOR_NAME"), IdentitySource::Environment),
        (user.author_name.clone(), IdentitySource::User),
    ]);
    let mut email = first([
        (variable("AIUT_AUTHOR_EMAIL"), IdentitySource::Environment),
        (user.author_email.clone(), IdentitySource::User),
    ]);
    if (name.is_none() || email.is_none())
        && let Some(git) = git.read()?
    {
        let value = |key: &str| git.string(key).map(|text| text.to_string());
        name = name.or_else(|| first([(value("user.name"), IdentitySource::Git)]));
        email = email.or_else(|| first([(value("user.email"), IdentitySource::Git)]));
    }
    match (name, email) {
        (Some(name), Some(email)) => Ok(Person {
            name: usable(name)?,
            email: usable(email)?,
        }),
        (name, email) => Err(IdentityError::Missing {
            name: name.is_none(),
            email: email.is_none(),
        }),
    }
}

fn first<const N: usize>(
    sources: [(Option<String>, IdentitySource); N],
) -> Option<(String, IdentitySource)> {
    sources.into_iter().find_map(|(value, source)| {
        let value = value?.trim().to_owned();
        (!value.is_empty()).then_some((value, source))
    })
}

/// The rules that git holds for both, so that every commit can be exported.
fn usable((value, source_name): (String, IdentitySource)) -> Result<String, IdentityError> {
    let problem = if value.contains(char::is_control) {
        "it holds a control character"
    } else if value.contains(['<', '>']) {
        "it holds an angle bracket"
    } else {
        return Ok(value);
    };
    Err(IdentityError::Unusable {
        value,
        source_name,
        problem,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(pairs: &[(&str, &str)], user: &UserConfig, at: &Path) -> Result<String, String> {
        let variable = |name: &str| {
            let pair = pairs.iter().find(|(known, _)| *known == name);
            pair.map(|(_, value)| (*value).to_owned())
        };
        let git = GitFiles::find(&variable, at);
        resolve_identity(&variable, user, &git)
            .map(|who| format!("{} <{}>", who.name, who.email))
            .map_err(|error| error.to_string())
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "git's files are fixtures here")]
    fn the_environment_goes_before_aiut_and_aiut_before_git() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = folder.path().join("home");
        let project = folder.path().join("film");
        std::fs::create_dir_all(project.join(".git")).expect("made");
        std::fs::create_dir_all(&home).expect("made");
        let include = "[user]\n\temail = rae@included.example\n";
        std::fs::write(home.join("more.inc"), include).expect("written");
        let global = "[user]\n\tname = Git Name\n[include]\n\tpath = ~/more.inc\n";
        std::fs::write(home.join(".gitconfig"), global).expect("written");

        let home_text = home.to_str().expect("text");
        let base = [("HOME", home_text), ("GIT_CONFIG_NOSYSTEM", "1")];
        let nobody = UserConfig::default();
        let mut user = UserConfig::default();
        user.author_name = Some("Aiut Name".into());
        let git = Ok("Git Name <rae@included.example>".to_owned());
        assert_eq!(resolve(&base, &nobody, &project), git);
        assert_eq!(
            resolve(&base, &user, &project),
            Ok("Aiut Name <rae@included.example>".to_owned())
        );
        let with = [base.as_slice(), &[("AIUT_AUTHOR_NAME", "Env Name")]].concat();
        assert_eq!(
            resolve(&with, &user, &project),
            Ok("Env Name <rae@included.example>".to_owned())
        );
        std::fs::write(project.join(".git/config"), "[user]\n\tname = Here\n").expect("written");
        assert_eq!(
            resolve(&base, &nobody, &project.join("shots")),
            Ok("Here <rae@included.example>".to_owned())
        );
    }

    #[test]
    fn an_unknown_person_is_told_what_to_type() {
        let folder = tempfile::tempdir().expect("a folder");
        let set = [
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("AIUT_AUTHOR_EMAIL", "rae@example.org"),
        ];
        let error = resolve(&set, &UserConfig::default(), folder.path());
        assert_eq!(error, Err("your name is not known".to_owned()));
        let hints = IdentityError::Missing {
            name: true,
            email: false,
        }
        .hints();
        assert_eq!(hints, ["aiut config author.name \"Your Name\""]);
    }

    #[test]
    fn a_name_that_would_break_the_log_is_refused() {
        let set = [
            ("AIUT_AUTHOR_NAME", "Rae <x>"),
            ("AIUT_AUTHOR_EMAIL", "rae@example.org"),
        ];
        let error = resolve(&set, &UserConfig::default(), Path::new("/nowhere"));
        assert!(error.is_err_and(|text| text.contains("the environment")));
    }
}
