//! Who may do what with which repository, and in which words the Hub says no.

use crate::{
    Caller, Denial, OrgRole, Power, Principal, RepoName, Restriction, repositories::RepoFacts,
    world::Target,
};

/// Something to do with a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// See that it exists, its settings and its tree.
    Read,
    /// Read the contents of its files, which a gate may forbid.
    Download,
    /// Change its contents.
    Write,
    /// Create it.
    Create,
    /// Change its settings, secrets or name, delete it, decide about requests for access.
    Settings,
    /// Open and comment on discussions and pull requests.
    Discuss,
    /// See who asked for access to it.
    ReadRequests,
}

impl Access {
    /// The permission that a fine-grained credential needs.
    fn permission(self) -> &'static str {
        match self {
            Self::Read | Self::Download => "repo.content.read",
            Self::Write => "repo.content.write",
            Self::Create => "repo.create",
            Self::Settings => "repo.write",
            Self::Discuss => "discussion.write",
            Self::ReadRequests => "repo.access.read",
        }
    }

    fn is_reading(self) -> bool {
        matches!(self, Self::Read | Self::Download)
    }
}

impl Caller {
    /// Whether the caller may do that with the repository. Whether it exists is known only to those
    /// who may see it.
    pub fn may(&self, access: Access, repo: &RepoName) -> Result<(), Denial> {
        if access == Access::Create {
            return self.may_create(repo);
        }
        let missing = || Denial::repo_not_found(self.is_anonymous());
        let facts = self.world().repositories.facts(repo).ok_or_else(missing)?;
        self.may_see(repo, &facts)?;
        if facts.is_disabled {
            return Err(Denial::disabled());
        }
        if access.is_reading() {
            return self.may_pass_gate(access, repo, &facts);
        }
        if self.is_anonymous() {
            return Err(Denial::anonymous());
        }
        self.unrestricted(&repo.namespace)?;
        let by_role = self.role_allows(access, &repo.namespace, Some(&facts));
        if by_role && self.power_permits(access, repo, &facts.id) {
            Ok(())
        } else {
            Err(Denial::forbidden())
        }
    }

    fn may_create(&self, repo: &RepoName) -> Result<(), Denial> {
        if self.is_anonymous() {
            return Err(Denial::anonymous());
        }
        self.unrestricted(&repo.namespace)?;
        let by_role = self.role_allows(Access::Create, &repo.namespace, None);
        if by_role && self.power_permits(Access::Create, repo, "") {
            Ok(())
        } else {
            Err(Denial::cannot_create(repo))
        }
    }

    /// A private repository does not exist for those who may not read it.
    fn may_see(&self, repo: &RepoName, facts: &RepoFacts) -> Result<(), Denial> {
        if !facts.is_private {
            return Ok(());
        }
        if !self.role_allows(Access::Read, &repo.namespace, Some(facts)) {
            return Err(Denial::repo_not_found(self.is_anonymous()));
        }
        self.unrestricted(&repo.namespace)?;
        if self.power_permits(Access::Read, repo, &facts.id) {
            Ok(())
        } else {
            Err(Denial::repo_not_found(false))
        }
    }

    fn may_pass_gate(
        &self,
        access: Access,
        repo: &RepoName,
        facts: &RepoFacts,
    ) -> Result<(), Denial> {
        if access == Access::Read || !facts.is_gated {
            return Ok(());
        }
        let Principal::Account(session) = self.principal() else {
            return Err(Denial::gated(repo, true));
        };
        let is_own = self.role_allows(Access::Read, &repo.namespace, Some(facts))
            && self.power_permits(Access::Read, repo, &facts.id);
        let is_admitted = session.user_name().is_some_and(|user| facts.admitted.contains(user))
            && session.power.reads_gated();
        if is_own || is_admitted { Ok(()) } else { Err(Denial::gated(repo, false)) }
    }

    fn power_permits(&self, access: Access, repo: &RepoName, id: &str) -> bool {
        let Principal::Account(session) = self.principal() else { return false };
        session.power.permits(access.permission(), Target::Repo(repo, id))
    }

    /// Whether the account behind the credential has the right, whatever the credential says.
    fn role_allows(&self, access: Access, namespace: &str, facts: Option<&RepoFacts>) -> bool {
        let Principal::Account(session) = self.principal() else { return false };
        if let Power::Publisher { repo, .. } = &session.power {
            return repo.namespace == namespace;
        }
        let Some(user) = session.user_name() else { return false };
        if user == namespace {
            return true;
        }
        let role = self.world().state().role_in(namespace, &session.owner);
        let is_creator = facts.is_none_or(|facts| facts.creator == user);
        match (access, role) {
            (_, None | Some(OrgRole::NoAccess)) => access == Access::Discuss && facts.is_some(),
            (Access::Read | Access::Download | Access::Discuss, Some(_))
            | (_, Some(OrgRole::Admin | OrgRole::Write)) => true,
            (_, Some(OrgRole::Contributor)) => is_creator,
            (_, Some(OrgRole::Read)) => false,
        }
    }

    /// Refuses if the organisation of that name keeps this credential out.
    pub(crate) fn unrestricted(&self, organization: &str) -> Result<(), Denial> {
        let Principal::Account(session) = self.principal() else { return Ok(()) };
        let now = self.world().clock.now();
        let mut state = self.world().state();
        state.request_authorization(session, organization, now);
        match state.restrictions(session, organization).first() {
            None => Ok(()),
            Some(restriction) => Err(denial_of(*restriction, organization)),
        }
    }
}

fn denial_of(restriction: Restriction, organization: &str) -> Denial {
    match restriction {
        Restriction::TokenPolicy => Denial::token_policy(),
        Restriction::TokenRevoked => Denial::revoked_by_organization(),
        Restriction::Sso => Denial::sso(organization),
        Restriction::Mfa => Denial::mfa(organization),
        Restriction::Ip => Denial::ip(organization),
    }
}
