//! Whose source is not shown, and why: under quarantine, withdrawn, or hidden by the operator.
//!
//! The rule is the view `hidden_sources` of the migrations; whatever shows lines of source asks it. Facts stay.

use chrono::{DateTime, Utc};
use packaging::ProjectName;
use sqlx::query;

use crate::write::commit;
use crate::{Error, Store, text};

/// Why the source of a project is not shown.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(tag = "because", rename_all = "kebab-case")]
pub enum SourceHidden {
    /// The index has put the project under quarantine.
    Quarantined,
    /// The project is gone from the index.
    Withdrawn,
    /// The operator of this survey hides it.
    Operator {
        /// Why, in the operator's words.
        reason: String,
    },
}

impl SourceHidden {
    /// From the columns of `hidden_sources`; `None`: it is shown.
    pub(crate) fn from_columns(because: Option<&str>, reason: Option<String>) -> Result<Option<Self>, Error> {
        Ok(Some(match because {
            None => return Ok(None),
            Some("quarantined") => Self::Quarantined,
            Some("withdrawn") => Self::Withdrawn,
            Some("operator") => Self::Operator { reason: reason.unwrap_or_default() },
            Some(other) => return Err(Error::Damaged(format!("source is hidden because of {other:?}"))),
        }))
    }
}

/// A project whose source the operator hides.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct HiddenProject {
    /// The project.
    pub name: ProjectName,
    /// Why, in the operator's words.
    pub reason: String,
    /// When it was hidden last.
    pub hidden_at: DateTime<Utc>,
    /// Whether the survey has heard of it.
    pub known: bool,
}

impl Store {
    /// Hides the source of a project from now on, whether the survey knows it or not. The reason, which must say
    /// something, is shown to everybody; hidden again, a project has the new one.
    pub async fn source_hidden(&self, name: &ProjectName, reason: &str) -> Result<(), Error> {
        let mut tx = self.pool.begin().await?;
        query!(
            "INSERT INTO hidden_projects (name, reason) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET reason = excluded.reason, hidden_at = now()",
            name.as_str(),
            &*text::clean(reason),
        )
        .execute(&mut *tx)
        .await?;
        // Pages that somebody keeps a copy of are no longer right.
        commit(tx).await
    }

    /// Shows the source of a project again; whether it was hidden.
    pub async fn source_shown(&self, name: &ProjectName) -> Result<bool, Error> {
        let mut tx = self.pool.begin().await?;
        let removed = query!("DELETE FROM hidden_projects WHERE name = $1", name.as_str()).execute(&mut *tx).await?;
        commit(tx).await?;
        Ok(removed.rows_affected() > 0)
    }

    /// The projects whose source the operator hides, by name.
    pub async fn hidden_projects(&self) -> Result<Vec<HiddenProject>, Error> {
        let rows = query!(
            r#"SELECT h.name, h.reason, h.hidden_at, p.id IS NOT NULL AS "known!"
               FROM hidden_projects h LEFT JOIN projects p ON p.name = h.name ORDER BY h.name COLLATE "C""#
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let name = crate::read::project_name(&row.name)?;
                Ok(HiddenProject { name, reason: row.reason, hidden_at: row.hidden_at, known: row.known })
            })
            .collect()
    }
}
