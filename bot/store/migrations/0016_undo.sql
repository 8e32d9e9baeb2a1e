-- What takes the migrations back that lie between two commits.
create table ledger_undos (
    repo text not null,
    base text not null,
    head text not null,
    verdict text not null,
    made_at bigint not null,  -- in milliseconds since 1970
    facts text not null,
    primary key (repo, base, head)
);
create index ledger_undos_made on ledger_undos (repo, made_at);
