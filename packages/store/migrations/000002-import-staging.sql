-- Rows on their way into the book: one unlogged table an import, made and dropped by the application, which therefore owns them.
create schema staging;
grant usage, create on schema staging to surety_app;
comment on schema staging is 'staging.import_N holds the rows of import N between reading and applying; losing it costs reading the file again.';

-- What applying would do, a few rows of each sort.
alter table imports add column preview jsonb not null default '[]';
