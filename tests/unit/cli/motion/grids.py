"""Grids of looks for tests."""


def grid(**energies: int) -> bytes:
    """A grid with an energy in some cells, by their numbers row by row: ``c17=90``."""
    cells = bytearray(144)
    for name, energy in energies.items():
        cells[int(name[1:])] = energy
    return bytes(cells)
