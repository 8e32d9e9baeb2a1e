-- Duties that one process at a time does, each at most once in its period.
create table duties (
    name text primary key,
    done bigint not null -- when its last turn was taken, in milliseconds since 1970
);

-- Processes that live. On SQLite there is one, and nobody writes it down.
create table processes (
    id   text primary key, -- as River names the process
    seen bigint not null -- when it last said so, by the database's clock, in milliseconds since 1970
);
