"""What the motion processor said of each segment, down to the energies of every look."""
