-- The Django migrations of a repository at some commits, with what tells how to read them. Repositories are in small letters.
create table source_commits (
    repo text not null,
    sha text not null,
    kept_at bigint not null,  -- in milliseconds since 1970
    files bytea not null,     -- an S2 block of JSON: by path, git's names of the contents
    primary key (repo, sha)
);
create index source_commits_kept on source_commits (repo, kept_at);
create table source_files (
    repo text not null,
    sha text not null,        -- git's name of the content
    body bytea not null,      -- an S2 block
    primary key (repo, sha)
);
