-- Boards: messages in Slack that are kept true. Times are in milliseconds since 1970, by the clock that all processes share.
create table boards (
    key text primary key,              -- is in the message's metadata, so it never changes
    app text not null,
    channel text not null,             -- Slack's id of a channel, or of a person
    parent text not null,              -- the board in whose thread this one stands; '' if in none
    wanted bigint not null,            -- counts what may have changed it
    shown bigint not null default 0,   -- how far that count is shown
    judged bigint not null default 0,  -- how far that count was drawn to see how urgent it is
    rank bigint not null default 1,    -- 0: urgent
    touched bigint not null,           -- since when it is not true
    due bigint not null default 0,     -- not before
    fails bigint not null default 0,   -- in a row
    ts text not null default '',       -- the message; '' if there is none
    hash text not null default '',     -- of what the message shows; '' if that is not known
    refused text not null default '',  -- hash of the drawing whose blocks Slack refused
    dead text not null default '',     -- why nothing more is sent
    -- A post of which it is not known whether it was done.
    tried bigint not null default 0,   -- when the first such was begun
    doubt bigint not null default 0,   -- when the last such ended, or was begun if nobody knows of an end; 0: there is none
    looks bigint not null default 0,   -- how often it was looked for since
    again bigint not null default 0,   -- 1: it was given up and another was posted
    later bigint not null default 0,   -- when to see to what may have arrived late; 0: never
    -- Who is at work on it.
    owner text not null default '',    -- stays when the owner dies
    epoch bigint not null default 0,   -- counts the owners
    lease bigint not null default 0    -- until when nobody else touches it
);
create index boards_waiting on boards (rank, touched, key) where wanted > shown and dead = '';
create index boards_due on boards (due) where wanted > shown and dead = '';
create index boards_later on boards (later) where later > 0;
create index boards_leased on boards (lease) where lease > 0;

-- Rate limits: when each method, or each channel for posts, may be called next.
create table board_paces (
    name text primary key,
    debt bigint not null,              -- when all calls so far would have been made at the even pace
    free bigint not null,              -- when the next may be made
    fails bigint not null              -- refusals in a row that did not say how long to wait
);
create index board_paces_free on board_paces (free);

-- Channels that refuse posts; '' is Slack as a whole.
create table board_refusals (
    channel text primary key,
    code text not null,                -- Slack's
    posts bigint not null,             -- 1: it refuses new messages, and edits as far as we know not
    since bigint not null,
    probe bigint not null,             -- when one board tries again
    fails bigint not null,             -- in a row
    over bigint not null               -- when it was over; 0 while it lasts
);

-- One row that a process locks before it takes a board, so that the paces are kept by all of them together.
create table board_turns (turn bigint not null);
insert into board_turns (turn) values (0);
