"""The product and its peers, filled with the same rows and asked the same questions; ``bench/queries.py`` measures."""
