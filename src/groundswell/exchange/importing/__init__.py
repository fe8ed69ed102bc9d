"""Bringing in what people have: a file becomes rows, rows become entries, entries become people.

Nouns: table (what a file holds), field (what a column can mean), mapping (which column means what),
entry (a row understood), problem (why a row cannot be taken). Nothing here touches the database:
`reading` opens files, `fields` and `mapping` recognise columns, `days` and `values` understand cells,
`entries` puts a row together, `judging` says who it is, `filling` what it adds to whom it is. What becomes of
the rows that wait is planned in `exchange.planning`; the writes are in `exchange.actions`.
"""
