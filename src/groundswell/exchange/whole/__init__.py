"""A whole organisation in an open form: a directory with a manifest and a file of JSON lines for each table.

`tables` says which and in what order, `leaving` writes the directory, `manifest` checks one. What comes in is
written by `exchange.actions`. The form is described in docs/organisation-format.md.
"""
