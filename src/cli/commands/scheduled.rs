//! `scheduled run`, `plan` and `install`.

use super::chosen::answer_chosen_list;
use std::path::{Path, PathBuf};

use super::{answer, done_or, dry_run_said, summary};
use crate::cli::args::scheduled::{PlanArgs, ScheduledArgs, ScheduledCommand};
use crate::cli::exit::Exit;
use crate::cli::moments::until_or_within;
use crate::cli::session::Session;
use crate::cli::workspace::Workspace;
use crate::error::{Error, ErrorKind, Result};
use crate::ops::scheduled::{PlanOptions, ScheduleOptions, plan_schedule, run_schedule};
use crate::report::list::List;
use crate::report::scheduled::install::{self, InstallPaths, Manager};
use crate::report::scheduled::{plan, run as run_report};

/// Runs a command of the family; exit 3 where a snapshot failed or a customer had to be left.
///
/// # Errors
/// As the command's own.
pub fn run(arguments: &ScheduledArgs, session: &Session) -> Result<Exit> {
    let workspace = Workspace::open(session)?;
    match &arguments.command {
        ScheduledCommand::Run => return run_due(session, &workspace),
        ScheduledCommand::Plan(arguments) => plan(arguments, session, &workspace)?,
        ScheduledCommand::Install(arguments) => {
            let manager = if arguments.manager.cron { Manager::Cron } else { Manager::Systemd };
            install(manager, session, &workspace)?;
        }
    }
    Ok(Exit::Done)
}

fn run_due(session: &Session, workspace: &Workspace<'_>) -> Result<Exit> {
    let options = ScheduleOptions { customer: workspace.only_customer() };
    let view = run_schedule(&workspace.context(), &options)?;
    let text = || dry_run_said(session, run_report::render(&view, workspace.zone()));
    summary(session, &view, text)?;
    Ok(done_or(view.is_partly_done()))
}

fn plan(arguments: &PlanArgs, session: &Session, workspace: &Workspace<'_>) -> Result<()> {
    let until = until_or_within(workspace, &arguments.until)?;
    let options = PlanOptions { customer: workspace.only_customer(), until };
    let list = List::new(plan::SCHEMA, plan_schedule(&workspace.context(), &options)?);
    answer_chosen_list(session, &list, &plan::HEADERS, &arguments.fields, || plan::render(&list.items))
}

/// The database need not be there yet.
fn install(manager: Manager, session: &Session, workspace: &Workspace<'_>) -> Result<()> {
    let environment = &session.environment;
    let program = environment.program.as_deref().ok_or_else(|| {
        Error::new(ErrorKind::Failed, "expected to find this program's own file, found none")
    })?;
    let absolute = |path: &Path| -> PathBuf { environment.working_folder.join(path).components().collect() };
    let database = absolute(&workspace.database);
    let folder = database.parent().unwrap_or(Path::new("/"));
    let config = session.config_file().map(|given| text_of(&absolute(&given.value))).transpose()?;
    let user = environment.user_at_host.split('@').next().filter(|user| !user.is_empty() && *user != "root");
    let paths = InstallPaths {
        program: text_of(program)?,
        config,
        folder: text_of(folder)?,
        database: text_of(&database)?,
        customer: workspace.only_customer().map(ToOwned::to_owned),
        user: user.map(ToOwned::to_owned),
    };
    let view = install::install(manager, &paths)?;
    answer(session, &view, || install::render(&view))
}

fn text_of(path: &Path) -> Result<String> {
    path.to_str().map(ToOwned::to_owned).ok_or_else(|| {
        let message = format!("expected a path in Unicode, got {}", path.display());
        Error::new(ErrorKind::Usage, message)
            .with_hint("cron and systemd read text; rename the file or folder")
    })
}
