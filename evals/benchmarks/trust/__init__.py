"""Proof of trust: what gets past the checks that should not, and what they turn away that they should not.

Each section is a module with ``measure(material) -> Figures``: it makes its own false and true material from the
labelled cases (seeded, so that a run can be repeated), puts it through the product, and counts.
"""
