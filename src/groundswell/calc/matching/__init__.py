"""Who may be one person written down twice: pairs of rows that look alike, with how sure it is.

Nouns: people (rows by columns), field (what is compared and how), candidates (pairs that share a key),
pattern (how alike a pair is in every field), model (how often equal persons, housemates and strangers
show a pattern), pair (two ids and the probability that they are one person).

The model is that of Fellegi and Sunter (A Theory for Record Linkage, JASA 64, 1969). Nothing in it was
fitted to labelled data: how often strangers agree is read from the frequencies of the values, how often
one person's rows differ is estimated on the candidates (expectation maximisation), and a third kind of
pair, persons of one household, keeps a family at one address from becoming one person. Rarity counts:
two Nakamuras in Graz say more than two Grubers.

The answer depends neither on the order of the rows nor on that of the files. Decision 0660 says what was
tried; `find` is the way in.
"""

from groundswell.calc.matching.finding import THRESHOLD, Found, Pair, find
from groundswell.calc.matching.people import FIELD_NAMES, People

__all__ = ["FIELD_NAMES", "THRESHOLD", "Found", "Pair", "People", "find"]
