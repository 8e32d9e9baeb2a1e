-- Webhooks as they arrived, for a week.
create table deliveries (
    sender text not null,     -- GitHub or Heroku
    id text not null,         -- the sender's, the same when it sends the delivery again
    seq bigint not null,      -- counts them in the order in which they were stored
    event text not null,      -- in the sender's words; '' if it cannot be told
    arrived bigint not null,  -- in milliseconds since 1970, as all times here
    size bigint not null,     -- of the body as it was sent, in bytes
    worked bigint,            -- when it was folded or given up; null while it waits
    times bigint not null,    -- how often it was
    scope text,               -- the repository or app, of one that was given up
    trouble text,             -- why it was given up; null if it was not
    primary key (sender, id)
);
create index deliveries_by_age on deliveries (arrived);
create index deliveries_waiting on deliveries (seq) where worked is null;
create index deliveries_troubled on deliveries (seq) where trouble is not null;

-- Their bodies, by themselves so that marking a delivery does not write them again.
create table delivery_bodies (
    seq bigint primary key,
    body bytea not null       -- an S2 block
);

-- The last delivery of each sender about each repository or app, for ever.
create table routes (
    sender text not null,
    scope text not null,      -- '' if it is about none
    event text not null,
    arrived bigint not null,
    primary key (sender, scope)
);

-- One row to count with, and one to lock: who folds takes it first.
create table inbox (
    name text primary key,
    value bigint not null
);
insert into inbox (name, value) values ('stored', 0), ('folded', 0);
