-- A shortcut on a message asks what the message is about.
create index boards_messages on boards (ts, channel) where ts <> '';
