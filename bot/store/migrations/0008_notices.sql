-- What is told of each app. Times are in milliseconds since 1970.
create table news (
    app text primary key,
    since bigint not null,           -- from when on news are told: slipway's first start for this app
    turn bigint not null default 0,  -- counts what became known of it
    told bigint not null default 0,  -- how far that count is told
    due bigint not null default 0    -- when time alone may change what is told; 0: never
);

-- The messages that should stand, and what they said when their boards were last touched.
create table notices (
    key text primary key,  -- the board's
    app text not null,     -- whose news it is; '' of what is told of a channel as a whole
    channel text not null, -- Slack's id
    hash text not null,    -- of the drawing
    open bigint not null,  -- 1: it says that something goes on, or is not known yet
    at bigint not null     -- when it was last touched
);
create index notices_by_age on notices (at);
