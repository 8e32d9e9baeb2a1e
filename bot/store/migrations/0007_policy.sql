-- What teams say of their repositories and people, and what their channels are. Times are in milliseconds since 1970.

-- .slipway.yml of each repository, as it stands at the top of the default branch.
create table policies (
    repo text primary key,        -- in small letters
    newest text not null,         -- SHA-256 of the newest version; '' if there is no file
    newest_text bytea not null,   -- as far as slipway reads it
    since bigint not null,        -- since when that is known
    wrong bigint not null,        -- 1: it has faults, and is not taken
    good text not null,           -- SHA-256 of the last version without faults; '' if that is no file
    good_text bytea not null,
    read_at bigint not null       -- when the reading was begun that told it
);

-- Versions with faults, so that each is told once.
create table policy_faults (
    repo text not null,
    hash text not null,           -- SHA-256 of the version
    seen_at bigint not null,      -- when it came last
    good bigint not null,         -- 1: an earlier version stayed in force; 0: the defaults did
    faults text not null,         -- as JSON
    left_at bigint not null,      -- when another version took its place; 0: it stands
    became text not null,         -- what that one is: taken, gone, wrong; '' while it stands
    primary key (repo, hash)
);

-- Who has which e-mail address in Slack, for a day.
create table people (
    email text primary key,       -- in small letters
    slack text not null,          -- the id; '' if nobody is to be mentioned
    asked bigint not null
);
create index people_asked on people (asked);

-- Which channel an app's news go to: found by its name once, and kept whatever it is called later.
create table channels (
    app text not null,
    name text not null,           -- as APPS spells it
    id text not null,             -- Slack's
    primary key (app, name)
);
