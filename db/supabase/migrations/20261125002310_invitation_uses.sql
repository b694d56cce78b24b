-- How many people came in by an invitation link, so that who made it sees whether it was used.
alter table private.invitations add column uses integer not null default 0 check (uses >= 0);
