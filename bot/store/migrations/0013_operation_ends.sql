-- What an operation leaves: what was printed or logged, in its thread, and what can be done next.
alter table operations add column choices text not null default '';       -- JSON: buttons below one that did not succeed; '': none
alter table operations add column replaced text not null default '';       -- of which operation it took the place, in words for people; '': of none
alter table operation_steps add column detail text not null default '';   -- for the thread; '': nothing
alter table operation_steps add column harmless bigint not null default 0; -- 1: its effect does not change the app
