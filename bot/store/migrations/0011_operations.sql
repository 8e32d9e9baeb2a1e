-- Plans as they were shown to a person, for a month; those that were confirmed, for ever. Times are in milliseconds since 1970, by
-- the clock that all processes share.
create table plans (
    id text primary key,
    app text not null,
    body text not null,              -- JSON: all that was shown and all that will be used; its SHA-256 is in the button
    expires bigint not null,
    fate text not null default '',   -- confirmed, cancelled or expired; '' while it waits for a person
    who text not null default '',    -- who did that; Slack's id
    at bigint not null default 0     -- when
);
create index plans_waiting on plans (expires) where fate = '';

-- Confirmed plans, and how they are carried out.
create table operations (
    id text primary key,             -- its plan's
    app text not null,
    channel text not null,           -- where it is shown; Slack's id
    who text not null,               -- who confirmed it, and is asked about before each effect; Slack's ids
    team text not null,
    confirmed bigint not null,
    state text not null,             -- open, succeeded, failed, stopped or unknown
    ended bigint not null default 0,
    why text not null default '',    -- how it ended, in words for people
    moot bigint not null default 0,  -- 1: nothing was to be done any more, so that nobody is told how to do it by hand
    stopper text not null default '',-- who asked it to stop; '': nobody
    word text not null default '',   -- what a person said of one that ended as unknown: happened, not happened or seen
    word_by text not null default '',
    word_at bigint not null default 0,
    taken bigint not null default 0, -- when it was last taken up because its process had died
    -- Who is at work on it.
    wake bigint not null,            -- not before
    lease bigint not null default 0, -- until when nobody else takes it; 0: it was given back
    epoch bigint not null default 0  -- counts those who took it: every write is made under one
);
create index operations_open on operations (wake) where state = 'open';

-- The one operation of each app that is open, or ended as unknown and is not closed yet.
create table operation_apps (
    app text primary key,
    operation text not null
);

-- Steps that were reached. Their names are stored for ever.
create table operation_steps (
    operation text not null,
    nth bigint not null,             -- from 0, in the order in which they were reached
    name text not null,
    verb text not null,              -- do or wait
    state text not null,             -- asking, begun, looking, missing, done, failed, stopped or unknown
    began bigint not null,           -- when it was first reached; of an effect that was begun: when that was
    acted bigint not null,           -- when its effect was last begun; 0: it never was
    ended bigint not null,
    result text not null,            -- JSON; '' until it is done
    fails bigint not null,           -- how often in a row nobody could tell
    troubled bigint not null,        -- since when
    trouble text not null,           -- who could not be asked
    tries bigint not null default 0, -- how often its effect was begun
    said text not null default '',   -- what the far end answered last to an effect that is not there, in words for people; '': nothing
    primary key (operation, nth),
    unique (operation, name)
);
