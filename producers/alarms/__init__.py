"""Cameras that send mail: every mail that was answered 250 is a fact."""
