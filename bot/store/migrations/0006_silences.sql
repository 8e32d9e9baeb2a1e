-- What did not happen. Times are in milliseconds since 1970.

-- News that should have come and did not, as it was told in a channel.
create table silences (
    channel text not null,          -- Slack's id
    scope text not null,            -- the repository; the app of a release that did not come
    key text not null,              -- tells it from the others of its scope
    app text not null,              -- by which it was found
    kind text not null,
    sha text not null,              -- that was pushed, or that the run is of
    run bigint not null,            -- GitHub's id; 0 if none has begun
    attempt bigint not null,
    job text not null,              -- '' if it is of the run as a whole
    pull bigint not null,           -- whose checks the run is; 0: it is of the deploy branch
    since bigint not null,          -- what the news should have followed
    blind bigint not null,          -- 1: the far end could not be read when it was noted
    noted bigint not null,
    episode bigint not null,        -- when the first of those was noted that one message tells of
    over bigint not null default 0, -- when news were seen; 0 while it is silent
    came bigint not null default 0, -- when a runner took what waited, as GitHub said then; 0: it is not known
    primary key (channel, scope, key)
);
create index silences_by_episode on silences (channel, episode);
create index silences_by_app on silences (app, over);

-- When a process of slipway was last alive: one row.
create table alive (
    one bigint primary key,         -- 1
    seen bigint not null
);

-- When none was.
create table aways (
    channel text not null,          -- Slack's id
    began bigint not null,
    ended bigint not null,
    missed bigint not null,         -- how many things webhooks should have told of and did not
    primary key (channel, began)
);
