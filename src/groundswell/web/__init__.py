"""What every page is made of.

Base templates, components, styles, charts, the map, figures in words, fields that refuse nasty input,
and the headers that guard a page.

Nouns: page, figure (a number as a person reads it), chart, chip, field. Invariants: no inline script
or style, nothing from elsewhere, every number formatted here and never in a template.
Read `figures.py` first, then `charts.py` and `templates/web/base.html`.
"""
