"""Pictures from strangers: which of them may be shown to a decoder, and under which name they are kept."""
