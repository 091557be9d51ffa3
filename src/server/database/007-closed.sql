-- Which columns hold closed fields, told by the catalogue itself: `closed: <context>`, where {column} stands for the value of a
-- column of the row. The context is bound into the ciphertext, so a new generation of keys can be given to every one of them.
comment on column import_runs.file is 'closed: imports.file:{id}';
comment on column import_runs.proposal is 'closed: imports.proposal:{id}';
comment on column import_rows.closed is 'closed: imports.row:{run}:{place}';
comment on column export_parts.closed is 'closed: exports.part:{run}:{part}';
