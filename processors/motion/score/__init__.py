"""Motion as arithmetic: from pictures and what was learned before to the energies of a look."""
