"""Groundswell: the software of a federated, democratic, fast-growing membership organisation."""
