"""What a mail says: which cameras, what happened, when, with which pictures. Pure: no clock, no disk, no network."""
