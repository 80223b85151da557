--! additive
-- What a stored file is labelled with (untrusted, private). Null: stored before there were labels, so nothing is known.
alter table artifacts add column labels text[];
