"""What people did: who signed in, watched, took away, protected and changed what."""
