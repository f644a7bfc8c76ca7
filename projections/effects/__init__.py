"""Facts that change the world. No projection of the registry: nothing here is ever rebuilt, rewound or replayed."""
