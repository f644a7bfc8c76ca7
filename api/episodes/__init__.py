"""Questions about episodes: searches, pages, pictures of the record in answers, the feed of changes."""
