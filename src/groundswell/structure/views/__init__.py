"""Pages of units: the tree, a unit, what is done to it, and the rules it goes by."""
