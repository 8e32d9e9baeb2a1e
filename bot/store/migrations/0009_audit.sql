-- The audit trail: who asked for what, what they were shown and confirmed, what was done, what came of it. Rows are only ever added,
-- each with the hash of the one before it, so that a change of any is found. Times are in milliseconds since 1970.
create table audit (
    seq bigint not null primary key, -- 1, 2, 3, …
    at bigint not null,
    app text not null,               -- '' of what is about no app
    operation text not null,         -- '' of what belongs to none
    who text not null,               -- Slack's id; '' is slipway itself
    what text not null,              -- the kind, such as confirmed
    text text not null,              -- what was asked, shown, confirmed or said, word for word
    detail text not null,            -- a JSON object of texts: ids at the far ends and so on
    prev text not null,              -- hash of the row before
    hash text not null               -- SHA-256 of all of the above
);
create index audit_by_app on audit (app, seq);

-- The newest row's number and hash: one row. Who writes takes it first and so waits for who wrote before; and rows that are taken away
-- from the end are missed.
create table audit_head (
    one bigint not null primary key, -- 1
    seq bigint not null,             -- 0 while there are no rows
    hash text not null
);
insert into audit_head (one, seq, hash) values (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
