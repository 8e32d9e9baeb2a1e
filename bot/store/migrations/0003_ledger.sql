-- What is known of repositories and apps. The column facts holds the whole of it as JSON; the others are there to find it
-- by. Repositories and apps are in small letters, times in milliseconds since 1970, 0 if there is none; what is yes or no
-- is 1 or 0.

-- Who folds takes this row first, so that two processes do it one after the other.
create table ledger_turn (
    turn bigint not null,
    folded_at bigint not null -- when it was last taken
);
insert into ledger_turn (turn, folded_at) values (0, 0);

create table ledger_branches ( -- the deploy branch of each repository
    repo text primary key,
    name text not null,
    facts text not null
);
create table ledger_heads ( -- where branches point to
    repo text not null,
    branch text not null,
    sha text not null,        -- '' if the branch is gone
    moved_at bigint not null,
    facts text not null,
    primary key (repo, branch)
);
create table ledger_pushes (
    repo text not null,
    ref text not null,
    before_sha text not null,
    after_sha text not null,
    pushed_at bigint not null,
    pushed_by text not null,
    forced bigint not null,
    facts text not null,
    primary key (repo, ref, before_sha, after_sha, pushed_at)
);
create index ledger_pushes_pushed on ledger_pushes (repo, ref, pushed_at);
create table ledger_pulls (
    repo text not null,
    number bigint not null,
    state text not null,
    merged bigint not null,
    merge_sha text not null,
    updated_at bigint not null,
    facts text not null,
    primary key (repo, number)
);
create index ledger_pulls_updated on ledger_pulls (repo, updated_at);
create table ledger_runs ( -- attempts of runs
    repo text not null,
    id bigint not null,
    attempt bigint not null,
    path text not null,       -- of the workflow's file
    number bigint not null,
    event text not null,
    branch text not null,
    sha text not null,
    status text not null,
    conclusion text not null,
    created_at bigint not null,
    updated_at bigint not null,
    facts text not null,
    primary key (repo, id, attempt)
);
create index ledger_runs_branch on ledger_runs (repo, branch, id);
create index ledger_runs_updated on ledger_runs (updated_at);
create table ledger_jobs (
    repo text not null,
    id bigint not null,
    run_id bigint not null,
    attempt bigint not null,
    name text not null,
    status text not null,
    conclusion text not null,
    started_at bigint not null,
    completed_at bigint not null,
    facts text not null,      -- with its steps
    primary key (repo, id)
);
create index ledger_jobs_run on ledger_jobs (repo, run_id, attempt);
create table ledger_statuses ( -- classic commit statuses
    repo text not null,
    sha text not null,
    context text not null,
    state text not null,
    updated_at bigint not null,
    facts text not null,
    primary key (repo, sha, context)
);
create table ledger_checks ( -- check runs that are not jobs
    repo text not null,
    id bigint not null,
    sha text not null,
    app text not null,
    name text not null,
    status text not null,
    conclusion text not null,
    started_at bigint not null,
    facts text not null,
    primary key (repo, id)
);
create index ledger_checks_sha on ledger_checks (repo, sha);
create table ledger_commits (
    repo text not null,
    sha text not null,
    committed_at bigint not null, -- 0 of one that was only pushed
    facts text not null,
    primary key (repo, sha)
);
create table ledger_absent ( -- commits that GitHub does not know
    repo text not null,
    sha text not null,
    asked_at bigint not null,
    facts text not null,
    primary key (repo, sha)
);
create table ledger_spans ( -- what lies between two commits
    repo text not null,
    base text not null,
    head text not null,
    ahead bigint not null,
    behind bigint not null,
    asked_at bigint not null,
    facts text not null,
    primary key (repo, base, head)
);

create table ledger_apps (
    app text primary key,
    id text not null,         -- Heroku's
    maintenance bigint not null,
    told_at bigint not null,
    facts text not null
);
create index ledger_apps_id on ledger_apps (id);
create table ledger_releases (
    app text not null,
    id text not null,
    version bigint not null,
    status text not null,
    was_current bigint not null, -- it ran once; the highest such version runs
    slug_id text not null,       -- or the image's
    created_at bigint not null,
    facts text not null,
    primary key (app, id)
);
create index ledger_releases_version on ledger_releases (app, version);
create index ledger_releases_created on ledger_releases (created_at);
create table ledger_slugs ( -- the code of releases, slugs or images
    app text not null,
    id text not null,
    commit_sha text not null, -- or what the builder called its source
    facts text not null,
    primary key (app, id)
);
create table ledger_builds (
    app text not null,
    id text not null,
    status text not null,
    commit_sha text not null,
    release_id text not null,
    created_at bigint not null,
    facts text not null,
    primary key (app, id)
);
create index ledger_builds_created on ledger_builds (app, created_at);
create table ledger_dynos ( -- those that run, and those that ran
    app text not null,
    id text not null,
    name text not null,
    type text not null,
    state text not null,
    ended bigint not null,
    exit_status bigint,       -- null if it is not known
    told_at bigint not null,
    facts text not null,
    primary key (app, id)
);
create index ledger_dynos_told on ledger_dynos (app, told_at);
create table ledger_formation (
    app text not null,
    type text not null,
    quantity bigint not null,
    gone bigint not null,
    told_at bigint not null,
    facts text not null,
    primary key (app, type)
);
create table ledger_outputs ( -- what the commands of releases printed
    app text not null,
    release_id text not null,
    facts text not null,
    primary key (app, release_id)
);

create table ledger_lists ( -- what was read whole: what it does not name is gone
    app text not null,
    what text not null,
    read_at bigint not null,
    facts text not null,
    primary key (app, what)
);
create table ledger_readings ( -- when what was last read, and why not since
    scope text not null,      -- the repository or app
    what text not null,
    which text not null,      -- of what there are many of, else ''
    read_at bigint not null,
    trouble text not null,    -- its kind; '' if there was none
    trouble_at bigint not null,
    facts text not null,
    primary key (scope, what, which)
);
create table ledger_heard ( -- the last delivery that was folded
    scope text not null,
    sender text not null,
    heard_at bigint not null,
    facts text not null,
    primary key (scope, sender)
);
