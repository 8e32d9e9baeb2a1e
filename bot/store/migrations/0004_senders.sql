-- What is made of each sender's webhooks about a repository or app, as JSON. It is what slipway knows of itself: without
-- it, it would start as on the first day.
create table senders (
    sender text not null,
    scope text not null,     -- a repository or app, in small letters
    state text not null,
    primary key (sender, scope)
);

-- Deliveries that GitHub was asked to bring again, by their GUID, so that each is asked for once.
create table redeliveries (
    guid text primary key,
    asked bigint not null,   -- in milliseconds since 1970
    refused bigint not null  -- 1: GitHub does not bring it
);
create index redeliveries_asked on redeliveries (asked);
