-- Holds of apps: their automatic deploys are stopped. Times are in milliseconds since 1970; lists are JSON.
create table holds (
    id text primary key,              -- of the operation that set it
    app text not null,
    channel text not null,            -- where it is shown; Slack's id
    who text not null,                -- who set it; Slack's id
    reason text not null,
    began bigint not null,
    until bigint not null,            -- when it ends by itself; 0: never
    back text not null,               -- of a rollback: the release that was gone back to
    ran bigint not null,              -- of a rollback: the version of the release that ran before it
    head text not null,               -- of a rollback: the commit that ran
    away text not null,               -- of a rollback: the commits that went away, newest first
    pulls text not null,              -- of a rollback: the numbers of the pull requests that went away
    allowed text not null,            -- the numbers of the pull requests that pass
    ended bigint not null default 0,  -- 0 while it is set
    ended_by text not null default '',-- Slack's id; '': it ended by itself
    why text not null default '',     -- how it ended, in words for people
    blind bigint not null default 0,  -- 1: no workflow is known that deploys
    reminded bigint not null default 0,
    tell bigint not null default 0    -- when its messages are marked stale; 0: they are
);
create index holds_tell on holds (tell) where tell > 0;
create unique index holds_open on holds (app) where ended = 0;

-- The runs that a hold stops, or tells of because it could not.
create table hold_runs (
    hold text not null,
    run bigint not null,              -- GitHub's id
    attempt bigint not null,
    sha text not null,
    name text not null,               -- as people see it, a link in Slack's mrkdwn
    url text not null,
    state text not null,              -- wanted, asked, cancelled, late, refused, unwritten, over or passed
    said text not null default '',    -- why it could not be done yet, in words for people
    told bigint not null default 0,   -- 1: it has a message of its own
    asked bigint not null default 0,  -- when it was last asked to end
    wake bigint not null,             -- not before; 0: nothing is to be done
    primary key (hold, run, attempt)
);
create index hold_runs_wake on hold_runs (wake) where wake > 0;

-- Rollbacks that are watched: what they took back may come back for some minutes.
create table hold_watches (
    id text primary key,              -- of the operation
    app text not null,
    channel text not null,
    who text not null,
    back text not null,
    head text not null,
    away text not null,
    pulls text not null,
    ran bigint not null,              -- releases that are newer count
    began bigint not null,
    until bigint not null
);
create index hold_watches_until on hold_watches (until);

-- The releases that brought it back.
create table hold_returns (
    watch text not null,
    version bigint not null,
    noted bigint not null,
    primary key (watch, version)
);

-- What is told to GitHub of open pull requests.
create table hold_statuses (
    repo text not null,               -- in small letters
    app text not null,
    sha text not null,
    context text not null,
    state text not null,              -- success or failure
    said text not null,
    tries bigint not null default 0,
    wake bigint not null,             -- not before; 0: GitHub has it, or will not take it
    primary key (repo, context, sha)
);
create index hold_statuses_wake on hold_statuses (wake) where wake > 0;
