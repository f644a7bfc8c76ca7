"""The world as one caller may see it: routes ask these stores, and cannot be answered with more."""
