"""Which episodes each user has reviewed, and which are their favourites."""
