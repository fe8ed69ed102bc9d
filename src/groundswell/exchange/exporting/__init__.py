"""Lists that go out.

`rows` says who stands in one and what is told of each, `formats` makes files, `reaching` mails and calls. The
writes are in `exchange.actions`.
"""
