"""The ClickHouse engine (chDB) behind ClickHouse's own HTTP protocol.

chDB allows one process per path. One process therefore owns the engine and every other process, and every
ordinary ClickHouse client, talks to it over HTTP exactly as it would to a server::

    python -m infra.embedded.clickhouse --path DIR --port 8123

Reading order: ``request`` (what was asked) → ``statement`` (what kind of SQL it is) → ``engine`` and ``sessions``
(who runs it) → ``answer`` (how the result gets back) → ``door`` (the HTTP surface) → ``main`` (the process).
"""
