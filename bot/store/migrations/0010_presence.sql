-- How many Socket Mode connections each of our processes holds. A row is never taken back by its process: it stops to count when it
-- is old. Times are by the clock that all processes share, in milliseconds since 1970.
create table presences (
    process text primary key,
    open bigint not null,         -- connections on which Slack has said hello
    held bigint not null,         -- all that Slack may count: those being opened and those just closed, too
    since bigint not null,        -- when the process began
    seen bigint not null          -- when it last said so
);

-- What the greetings of Slack tell of connections that are nobody's of ours: one row.
create table strangers (
    one bigint primary key,       -- 1
    more bigint not null,         -- how many more Slack counts than ours, as last found; 0: none
    began bigint not null,        -- the first of the greetings in a row that counted more; 0: none
    among text not null,          -- our processes at that greeting
    known bigint not null,        -- since when it is sure; 0: it is not
    fits bigint not null,         -- while somebody is suspected: since when it seems that nobody is there any more; 0: it does not
    heard bigint not null,        -- the latest greeting; 0: there was none
    look_at bigint not null       -- when one of our processes is to connect anew, to hear the next greeting
);
insert into strangers (one, more, began, among, known, fits, heard, look_at) values (1, 0, 0, '', 0, 0, 0, 0);
