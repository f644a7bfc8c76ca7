"""Footage becomes segments: sources, cutting, fragmented MP4, the durable spool and its senders."""
