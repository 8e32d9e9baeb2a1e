-- A database of the version whose newest migration is 11, in the midst of an operation. It was written by that version, and is never changed.
CREATE TABLE migrations (version bigint primary key, name text not null, at bigint not null);
CREATE TABLE duties (
    name text primary key,
    done bigint not null -- when its last turn was taken, in milliseconds since 1970
);
CREATE TABLE processes (
    id   text primary key, -- as River names the process
    seen bigint not null -- when it last said so, by the database's clock, in milliseconds since 1970
);
CREATE TABLE deliveries (
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
CREATE TABLE delivery_bodies (
    seq bigint primary key,
    body bytea not null       -- an S2 block
);
CREATE TABLE routes (
    sender text not null,
    scope text not null,      -- '' if it is about none
    event text not null,
    arrived bigint not null,
    primary key (sender, scope)
);
CREATE TABLE inbox (
    name text primary key,
    value bigint not null
);
CREATE TABLE ledger_turn (
    turn bigint not null,
    folded_at bigint not null -- when it was last taken
);
CREATE TABLE ledger_branches ( -- the deploy branch of each repository
    repo text primary key,
    name text not null,
    facts text not null
);
CREATE TABLE ledger_heads ( -- where branches point to
    repo text not null,
    branch text not null,
    sha text not null,        -- '' if the branch is gone
    moved_at bigint not null,
    facts text not null,
    primary key (repo, branch)
);
CREATE TABLE ledger_pushes (
    repo text not null,
    ref text not null,
    before_sha text not null,
    after_sha text not null,
    pushed_at bigint not null,
    pushed_by text not null,
    forced bigint not null,
    facts text not null,
    primary key (repo, ref, before_sha, after_sha, pushed_at)
);
CREATE TABLE ledger_pulls (
    repo text not null,
    number bigint not null,
    state text not null,
    merged bigint not null,
    merge_sha text not null,
    updated_at bigint not null,
    facts text not null,
    primary key (repo, number)
);
CREATE TABLE ledger_runs ( -- attempts of runs
    repo text not null,
    id bigint not null,
    attempt bigint not null,
    path text not null,       -- of the workflow's file
    number bigint not null,
    event text not null,
    branch text not null,
    sha text not null,
    status text not null,
    conclusion text not null,
    created_at bigint not null,
    updated_at bigint not null,
    facts text not null,
    primary key (repo, id, attempt)
);
CREATE TABLE ledger_jobs (
    repo text not null,
    id bigint not null,
    run_id bigint not null,
    attempt bigint not null,
    name text not null,
    status text not null,
    conclusion text not null,
    started_at bigint not null,
    completed_at bigint not null,
    facts text not null,      -- with its steps
    primary key (repo, id)
);
CREATE TABLE ledger_statuses ( -- classic commit statuses
    repo text not null,
    sha text not null,
    context text not null,
    state text not null,
    updated_at bigint not null,
    facts text not null,
    primary key (repo, sha, context)
);
CREATE TABLE ledger_checks ( -- check runs that are not jobs
    repo text not null,
    id bigint not null,
    sha text not null,
    app text not null,
    name text not null,
    status text not null,
    conclusion text not null,
    started_at bigint not null,
    facts text not null,
    primary key (repo, id)
);
CREATE TABLE ledger_commits (
    repo text not null,
    sha text not null,
    committed_at bigint not null, -- 0 of one that was only pushed
    facts text not null,
    primary key (repo, sha)
);
CREATE TABLE ledger_absent ( -- commits that GitHub does not know
    repo text not null,
    sha text not null,
    asked_at bigint not null,
    facts text not null,
    primary key (repo, sha)
);
CREATE TABLE ledger_spans ( -- what lies between two commits
    repo text not null,
    base text not null,
    head text not null,
    ahead bigint not null,
    behind bigint not null,
    asked_at bigint not null,
    facts text not null,
    primary key (repo, base, head)
);
CREATE TABLE ledger_apps (
    app text primary key,
    id text not null,         -- Heroku's
    maintenance bigint not null,
    told_at bigint not null,
    facts text not null
);
CREATE TABLE ledger_releases (
    app text not null,
    id text not null,
    version bigint not null,
    status text not null,
    was_current bigint not null, -- it ran once; the highest such version runs
    slug_id text not null,       -- or the image's
    created_at bigint not null,
    facts text not null,
    primary key (app, id)
);
CREATE TABLE ledger_slugs ( -- the code of releases, slugs or images
    app text not null,
    id text not null,
    commit_sha text not null, -- or what the builder called its source
    facts text not null,
    primary key (app, id)
);
CREATE TABLE ledger_builds (
    app text not null,
    id text not null,
    status text not null,
    commit_sha text not null,
    release_id text not null,
    created_at bigint not null,
    facts text not null,
    primary key (app, id)
);
CREATE TABLE ledger_dynos ( -- those that run, and those that ran
    app text not null,
    id text not null,
    name text not null,
    type text not null,
    state text not null,
    ended bigint not null,
    exit_status bigint,       -- null if it is not known
    told_at bigint not null,
    facts text not null,
    primary key (app, id)
);
CREATE TABLE ledger_formation (
    app text not null,
    type text not null,
    quantity bigint not null,
    gone bigint not null,
    told_at bigint not null,
    facts text not null,
    primary key (app, type)
);
CREATE TABLE ledger_outputs ( -- what the commands of releases printed
    app text not null,
    release_id text not null,
    facts text not null,
    primary key (app, release_id)
);
CREATE TABLE ledger_lists ( -- what was read whole: what it does not name is gone
    app text not null,
    what text not null,
    read_at bigint not null,
    facts text not null,
    primary key (app, what)
);
CREATE TABLE ledger_readings ( -- when what was last read, and why not since
    scope text not null,      -- the repository or app
    what text not null,
    which text not null,      -- of what there are many of, else ''
    read_at bigint not null,
    trouble text not null,    -- its kind; '' if there was none
    trouble_at bigint not null,
    facts text not null,
    primary key (scope, what, which)
);
CREATE TABLE ledger_heard ( -- the last delivery that was folded
    scope text not null,
    sender text not null,
    heard_at bigint not null,
    facts text not null,
    primary key (scope, sender)
);
CREATE TABLE senders (
    sender text not null,
    scope text not null,     -- a repository or app, in small letters
    state text not null,
    primary key (sender, scope)
);
CREATE TABLE redeliveries (
    guid text primary key,
    asked bigint not null,   -- in milliseconds since 1970
    refused bigint not null  -- 1: GitHub does not bring it
);
CREATE TABLE boards (
    key text primary key,              -- is in the message's metadata, so it never changes
    app text not null,
    channel text not null,             -- Slack's id of a channel, or of a person
    parent text not null,              -- the board in whose thread this one stands; '' if in none
    wanted bigint not null,            -- counts what may have changed it
    shown bigint not null default 0,   -- how far that count is shown
    judged bigint not null default 0,  -- how far that count was drawn to see how urgent it is
    rank bigint not null default 1,    -- 0: urgent
    touched bigint not null,           -- since when it is not true
    due bigint not null default 0,     -- not before
    fails bigint not null default 0,   -- in a row
    ts text not null default '',       -- the message; '' if there is none
    hash text not null default '',     -- of what the message shows; '' if that is not known
    refused text not null default '',  -- hash of the drawing whose blocks Slack refused
    dead text not null default '',     -- why nothing more is sent
    -- A post of which it is not known whether it was done.
    tried bigint not null default 0,   -- when the first such was begun
    doubt bigint not null default 0,   -- when the last such ended, or was begun if nobody knows of an end; 0: there is none
    looks bigint not null default 0,   -- how often it was looked for since
    again bigint not null default 0,   -- 1: it was given up and another was posted
    later bigint not null default 0,   -- when to see to what may have arrived late; 0: never
    -- Who is at work on it.
    owner text not null default '',    -- stays when the owner dies
    epoch bigint not null default 0,   -- counts the owners
    lease bigint not null default 0    -- until when nobody else touches it
);
CREATE TABLE board_paces (
    name text primary key,
    debt bigint not null,              -- when all calls so far would have been made at the even pace
    free bigint not null,              -- when the next may be made
    fails bigint not null              -- refusals in a row that did not say how long to wait
);
CREATE TABLE board_refusals (
    channel text primary key,
    code text not null,                -- Slack's
    posts bigint not null,             -- 1: it refuses new messages, and edits as far as we know not
    since bigint not null,
    probe bigint not null,             -- when one board tries again
    fails bigint not null,             -- in a row
    over bigint not null               -- when it was over; 0 while it lasts
);
CREATE TABLE board_turns (turn bigint not null);
CREATE TABLE silences (
    channel text not null,          -- Slack's id
    scope text not null,            -- the repository; the app of a release that did not come
    key text not null,              -- tells it from the others of its scope
    app text not null,              -- by which it was found
    kind text not null,
    sha text not null,              -- that was pushed, or that the run is of
    run bigint not null,            -- GitHub's id; 0 if none has begun
    attempt bigint not null,
    job text not null,              -- '' if it is of the run as a whole
    pull bigint not null,           -- whose checks the run is; 0: it is of the deploy branch
    since bigint not null,          -- what the news should have followed
    blind bigint not null,          -- 1: the far end could not be read when it was noted
    noted bigint not null,
    episode bigint not null,        -- when the first of those was noted that one message tells of
    over bigint not null default 0, -- when news were seen; 0 while it is silent
    came bigint not null default 0, -- when a runner took what waited, as GitHub said then; 0: it is not known
    primary key (channel, scope, key)
);
CREATE TABLE alive (
    one bigint primary key,         -- 1
    seen bigint not null
);
CREATE TABLE aways (
    channel text not null,          -- Slack's id
    began bigint not null,
    ended bigint not null,
    missed bigint not null,         -- how many things webhooks should have told of and did not
    primary key (channel, began)
);
CREATE TABLE policies (
    repo text primary key,        -- in small letters
    newest text not null,         -- SHA-256 of the newest version; '' if there is no file
    newest_text bytea not null,   -- as far as slipway reads it
    since bigint not null,        -- since when that is known
    wrong bigint not null,        -- 1: it has faults, and is not taken
    good text not null,           -- SHA-256 of the last version without faults; '' if that is no file
    good_text bytea not null,
    read_at bigint not null       -- when the reading was begun that told it
);
CREATE TABLE policy_faults (
    repo text not null,
    hash text not null,           -- SHA-256 of the version
    seen_at bigint not null,      -- when it came last
    good bigint not null,         -- 1: an earlier version stayed in force; 0: the defaults did
    faults text not null,         -- as JSON
    left_at bigint not null,      -- when another version took its place; 0: it stands
    became text not null,         -- what that one is: taken, gone, wrong; '' while it stands
    primary key (repo, hash)
);
CREATE TABLE people (
    email text primary key,       -- in small letters
    slack text not null,          -- the id; '' if nobody is to be mentioned
    asked bigint not null
);
CREATE TABLE channels (
    app text not null,
    name text not null,           -- as APPS spells it
    id text not null,             -- Slack's
    primary key (app, name)
);
CREATE TABLE news (
    app text primary key,
    since bigint not null,           -- from when on news are told: slipway's first start for this app
    turn bigint not null default 0,  -- counts what became known of it
    told bigint not null default 0,  -- how far that count is told
    due bigint not null default 0    -- when time alone may change what is told; 0: never
);
CREATE TABLE notices (
    key text primary key,  -- the board's
    app text not null,     -- whose news it is; '' of what is told of a channel as a whole
    channel text not null, -- Slack's id
    hash text not null,    -- of the drawing
    open bigint not null,  -- 1: it says that something goes on, or is not known yet
    at bigint not null     -- when it was last touched
);
CREATE TABLE audit (
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
CREATE TABLE audit_head (
    one bigint not null primary key, -- 1
    seq bigint not null,             -- 0 while there are no rows
    hash text not null
);
CREATE TABLE presences (
    process text primary key,
    open bigint not null,         -- connections on which Slack has said hello
    held bigint not null,         -- all that Slack may count: those being opened and those just closed, too
    since bigint not null,        -- when the process began
    seen bigint not null          -- when it last said so
);
CREATE TABLE strangers (
    one bigint primary key,       -- 1
    more bigint not null,         -- how many more Slack counts than ours, as last found; 0: none
    began bigint not null,        -- the first of the greetings in a row that counted more; 0: none
    among text not null,          -- our processes at that greeting
    known bigint not null,        -- since when it is sure; 0: it is not
    fits bigint not null,         -- while somebody is suspected: since when it seems that nobody is there any more; 0: it does not
    heard bigint not null,        -- the latest greeting; 0: there was none
    look_at bigint not null       -- when one of our processes is to connect anew, to hear the next greeting
);
CREATE TABLE plans (
    id text primary key,
    app text not null,
    body text not null,              -- JSON: all that was shown and all that will be used; its SHA-256 is in the button
    expires bigint not null,
    fate text not null default '',   -- confirmed, cancelled or expired; '' while it waits for a person
    who text not null default '',    -- who did that; Slack's id
    at bigint not null default 0     -- when
);
CREATE TABLE operations (
    id text primary key,             -- its plan's
    app text not null,
    channel text not null,           -- where it is shown; Slack's id
    who text not null,               -- who confirmed it, and is asked about before each effect; Slack's ids
    team text not null,
    confirmed bigint not null,
    state text not null,             -- open, succeeded, failed, stopped or unknown
    ended bigint not null default 0,
    why text not null default '',    -- how it ended, in words for people
    moot bigint not null default 0,  -- 1: nothing was to be done any more, so that nobody is told how to do it by hand
    stopper text not null default '',-- who asked it to stop; '': nobody
    word text not null default '',   -- what a person said of one that ended as unknown: happened, not happened or seen
    word_by text not null default '',
    word_at bigint not null default 0,
    taken bigint not null default 0, -- when it was last taken up because its process had died
    -- Who is at work on it.
    wake bigint not null,            -- not before
    lease bigint not null default 0, -- until when nobody else takes it; 0: it was given back
    epoch bigint not null default 0  -- counts those who took it: every write is made under one
);
CREATE TABLE operation_apps (
    app text primary key,
    operation text not null
);
CREATE TABLE operation_steps (
    operation text not null,
    nth bigint not null,             -- from 0, in the order in which they were reached
    name text not null,
    verb text not null,              -- do or wait
    state text not null,             -- asking, begun, looking, missing, done, failed, stopped or unknown
    began bigint not null,           -- when it was first reached; of an effect that was begun: when that was
    acted bigint not null,           -- when its effect was last begun; 0: it never was
    ended bigint not null,
    result text not null,            -- JSON; '' until it is done
    fails bigint not null,           -- how often in a row nobody could tell
    troubled bigint not null,        -- since when
    trouble text not null,           -- who could not be asked
    tries bigint not null default 0, -- how often its effect was begun
    said text not null default '',   -- what the far end answered last to an effect that is not there, in words for people; '': nothing
    primary key (operation, nth),
    unique (operation, name)
);
CREATE INDEX deliveries_by_age on deliveries (arrived);
CREATE INDEX deliveries_waiting on deliveries (seq) where worked is null;
CREATE INDEX deliveries_troubled on deliveries (seq) where trouble is not null;
CREATE INDEX ledger_pushes_pushed on ledger_pushes (repo, ref, pushed_at);
CREATE INDEX ledger_pulls_updated on ledger_pulls (repo, updated_at);
CREATE INDEX ledger_runs_branch on ledger_runs (repo, branch, id);
CREATE INDEX ledger_runs_updated on ledger_runs (updated_at);
CREATE INDEX ledger_jobs_run on ledger_jobs (repo, run_id, attempt);
CREATE INDEX ledger_checks_sha on ledger_checks (repo, sha);
CREATE INDEX ledger_apps_id on ledger_apps (id);
CREATE INDEX ledger_releases_version on ledger_releases (app, version);
CREATE INDEX ledger_releases_created on ledger_releases (created_at);
CREATE INDEX ledger_builds_created on ledger_builds (app, created_at);
CREATE INDEX ledger_dynos_told on ledger_dynos (app, told_at);
CREATE INDEX redeliveries_asked on redeliveries (asked);
CREATE INDEX boards_waiting on boards (rank, touched, key) where wanted > shown and dead = '';
CREATE INDEX boards_due on boards (due) where wanted > shown and dead = '';
CREATE INDEX boards_later on boards (later) where later > 0;
CREATE INDEX boards_leased on boards (lease) where lease > 0;
CREATE INDEX board_paces_free on board_paces (free);
CREATE INDEX silences_by_episode on silences (channel, episode);
CREATE INDEX silences_by_app on silences (app, over);
CREATE INDEX people_asked on people (asked);
CREATE INDEX notices_by_age on notices (at);
CREATE INDEX audit_by_app on audit (app, seq);
CREATE INDEX plans_waiting on plans (expires) where fate = '';
CREATE INDEX operations_open on operations (wake) where state = 'open';
insert into migrations (version, name, at) values (1, '0001_store.sql', 1767621600000);
insert into migrations (version, name, at) values (2, '0002_inbox.sql', 1767621600000);
insert into migrations (version, name, at) values (3, '0003_ledger.sql', 1767621600000);
insert into migrations (version, name, at) values (4, '0004_senders.sql', 1767621600000);
insert into migrations (version, name, at) values (5, '0005_board.sql', 1767621600000);
insert into migrations (version, name, at) values (6, '0006_silences.sql', 1767621600000);
insert into migrations (version, name, at) values (7, '0007_policy.sql', 1767621600000);
insert into migrations (version, name, at) values (8, '0008_notices.sql', 1767621600000);
insert into migrations (version, name, at) values (9, '0009_audit.sql', 1767621600000);
insert into migrations (version, name, at) values (10, '0010_presence.sql', 1767621600000);
insert into migrations (version, name, at) values (11, '0011_operations.sql', 1767621600000);
insert into duties (name, done) values ('delete old deliveries', 1767621600000);
insert into duties (name, done) values ('read the settings of penny-university/penny_university', 1767621600000);
insert into duties (name, done) values ('plans', 1767621600000);
insert into duties (name, done) values ('catch up with GitHub penny-university/penny_university', 1767621600000);
insert into duties (name, done) values ('catch up with Heroku penny-university', 1767621600000);
insert into duties (name, done) values ('tidy notices', 1767621600050);
insert into deliveries (sender, id, seq, event, arrived, size, worked, times, scope, trouble) values ('GitHub', '5e4407dc-091f-1132-813c-1dd63e0e2af9', 1, 'ping', 1767621600000, 8240, 1767621600000, 1, null, null);
insert into routes (sender, scope, event, arrived) values ('GitHub', 'penny-university/penny_university', 'ping', 1767621600000);
insert into ledger_turn (turn, folded_at) values (5, 1767621600050);
insert into senders (sender, scope, state) values ('Heroku', 'penny-university', '{"Trusted":true,"Since":"2026-01-05T14:00:00Z","Why":"","Missed":0,"Looked":"2026-01-05T14:00:00Z","Caught":"2026-01-05T14:00:00Z","Hooks":{"ID":0,"LookedAt":"0001-01-01T00:00:00Z","Why":"","Upto":"0001-01-01T00:00:00Z","Asked":0}}');
insert into senders (sender, scope, state) values ('GitHub', 'penny-university/penny_university', '{"Trusted":true,"Since":"2026-01-05T14:00:00Z","Why":"","Missed":0,"Looked":"2026-01-05T14:00:00Z","Caught":"2026-01-05T14:00:00Z","Hooks":{"ID":512340011,"LookedAt":"2026-01-05T14:00:00Z","Why":"","Upto":"2026-01-05T14:00:00Z","Asked":0}}');
insert into boards (key, app, channel, parent, wanted, shown, judged, rank, touched, due, fails, ts, hash, refused, dead, tried, doubt, looks, again, later, owner, epoch, lease) values ('start penny-university', 'penny-university', 'C0DEPLOYS', '', 1, 1, 1, 1, 1767621600050, 1767621601550, 0, '1767621600.050000', 'd86f1c4ce9e5533db69f4dfa11e9c90f', '', '', 0, 0, 0, 0, 0, '', 1, 0);
insert into boards (key, app, channel, parent, wanted, shown, judged, rank, touched, due, fails, ts, hash, refused, dead, tried, doubt, looks, again, later, owner, epoch, lease) values ('operation b3f693eb', 'penny-university', 'C0DEPLOYS', '', 4, 4, 4, 1, 1767621600110, 1767621603110, 0, '1767621600.110001', '9940f6a7617c2e806449288914930c30', '', '', 0, 0, 0, 0, 0, '', 2, 0);
insert into board_paces (name, debt, free, fails) values ('chat.postMessage', 1767621600470, 1767621598580, 0);
insert into board_paces (name, debt, free, fails) values ('chat.postMessage C0DEPLOYS', 1767621602150, 1767621601100, 0);
insert into board_paces (name, debt, free, fails) values ('chat.update', 1767621602960, 1767621598910, 0);
insert into board_turns (turn) values (0);
insert into alive (one, seen) values (1, 1767621601610);
insert into policies (repo, newest, newest_text, since, wrong, good, good_text, read_at) values ('penny-university/penny_university', '', x'', 1767621600000, 0, '', x'', 1767621600000);
insert into channels (app, name, id) values ('penny-university', 'deploys', 'C0DEPLOYS');
insert into audit (seq, at, app, operation, who, what, text, detail, prev, hash) values (1, 1767621600050, 'penny-university', 'b3f693eb', 'U0ALICE', 'planned', 'Restart all dynos of *penny-university*
Visitors may meet errors for some seconds, until the new dynos are up. The same release runs afterwards.
Will be restarted: `web.1` (up)
By hand: `heroku ps:restart -a penny-university`', '{}', '0000000000000000000000000000000000000000000000000000000000000000', 'b6bee60046b7237bc70ec64566b62a2851e527719a8b47db8db34dc6ca62f003');
insert into audit (seq, at, app, operation, who, what, text, detail, prev, hash) values (2, 1767621600110, 'penny-university', 'b3f693eb', 'U0ALICE', 'confirmed', 'Restart all dynos of *penny-university*
Visitors may meet errors for some seconds, until the new dynos are up. The same release runs afterwards.
Will be restarted: `web.1` (up)
By hand: `heroku ps:restart -a penny-university`', '{"plan":"6013426197f35319dd3237ad2a5096dc5643368be7aa199650b90ac2c69626fb"}', 'b6bee60046b7237bc70ec64566b62a2851e527719a8b47db8db34dc6ca62f003', '760ad1f21b287a9604597de55985ee1e42061bdd0373555d84e298d96ed60722');
insert into audit (seq, at, app, operation, who, what, text, detail, prev, hash) values (3, 1767621600110, 'penny-university', 'b3f693eb', '', 'step began', 'restart the dynos', '{}', '760ad1f21b287a9604597de55985ee1e42061bdd0373555d84e298d96ed60722', '7f8605d73d1373f4a4f98eb91866120e6a10b46b295ad21e95aacec31a16b373');
insert into audit_head (one, seq, hash) values (1, 3, '7f8605d73d1373f4a4f98eb91866120e6a10b46b295ad21e95aacec31a16b373');
insert into presences (process, open, held, since, seen) values ('NIM5XKICAG4PKZF4QGAZWBXUMS', 0, 2, 1767621600000, 1767621601610);
insert into strangers (one, more, began, among, known, fits, heard, look_at) values (1, 0, 0, 'NIM5XKICAG4PKZF4QGAZWBXUMS', 0, 0, 1767621601060, 1767622201060);
insert into plans (id, app, body, expires, fate, who, at) values ('b3f693eb', 'penny-university', '{"ID":"b3f693eb","Plan":{"Kind":"restart","App":"penny-university","Verb":"operate","Title":"Restart all dynos of *penny-university*","Lines":["Visitors may meet errors for some seconds, until the new dynos are up. The same release runs afterwards.","Will be restarted: `web.1` (up)"],"ByHand":["heroku ps:restart -a penny-university"],"Lookup":["heroku ps -a penny-university"],"Label":"Restart","Steps":["restart the dynos","dynos up"],"Data":{"App":"penny-university","Dynos":["1816cfea-21d8-4f17-ab6a-369286392fa6"],"Types":["web"]}},"By":{"User":"U0ALICE","Team":"T01SLIPWAY"},"Channel":"C0DEPLOYS","Created":1767621600050,"Expires":1767622200050}', 1767622200050, 'confirmed', 'U0ALICE', 1767621600110);
insert into operations (id, app, channel, who, team, confirmed, state, ended, why, moot, stopper, word, word_by, word_at, taken, wake, lease, epoch) values ('b3f693eb', 'penny-university', 'C0DEPLOYS', 'U0ALICE', 'T01SLIPWAY', 1767621600110, 'open', 0, '', 0, '', '', '', 0, 0, 1767621606110, 0, 4);
insert into operation_apps (app, operation) values ('penny-university', 'b3f693eb');
insert into operation_steps (operation, nth, name, verb, state, began, acted, ended, result, fails, troubled, trouble, tries, said) values ('b3f693eb', 0, 'restart the dynos', 'do', 'missing', 1767621600110, 1767621600110, 0, '', 0, 0, '', 1, 'Heroku''s answer did not arrive');
