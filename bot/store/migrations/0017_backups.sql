-- The backups of an app's database.
create table ledger_backups (
    app text not null primary key,
    read_at bigint not null,  -- in milliseconds since 1970
    facts text not null
);
