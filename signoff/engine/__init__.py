"""The embedded engine: Resonate's protocol (2026-04-01) on one SQLite file.

The folder's rule: nothing here imports from the rest of signoff or knows what an
approval is. A client of a Resonate server finds the same kinds, states and errors
here, so that a flow moves to a server by changing one URL.

How the parts lie: ``wire`` reads envelopes, ``kinds`` names the operation,
``promises``, ``tasks``, ``search`` and ``settlement`` run it on a ``Transaction``;
``database`` commits many of those at once; ``outbox`` and ``delivery`` say who gets
which message; ``timeouts`` acts at the next due instant; ``server`` is the HTTP rim.

Where it deliberately differs from the server:

=====================================  ===========================================
Resonate server                        embedded engine
=====================================  ===========================================
a pending timer's task is sent, and    no message is sent for a ``resonate:timer``
acquired and dropped once per lease    task: its deadline settles it
a released task is sent at once        a task released again and again without a
                                       suspend or fulfil waits 0, 1, 2, 4 … 30 s
a task whose lease lapsed is sent at   one that lapses again and again waits 0, 1,
once                                   2 … s, at most 10 min: a task that ends its
                                       worker must not keep taking others along
workers of a group take turns          one that leaves messages is passed over, and
                                       after 5 s they go to one that does not
a heartbeat for tasks of several       accepted
origins is refused
a burst beyond a worker's buffer       what a worker has no room for stays in the
waits for the 30 s retry               database and follows as room appears; what a
                                       lost worker had not acquired is sent on
search shows a promise past its        shows it as it would be when touched
timeout as pending
search may read every promise          reads a bounded number: a page may be short
                                       and still carry a cursor
targets may be http, gcps or bash      only ``poll://`` (400), so nobody can make
                                       the engine call out
``task.search``, ``schedule.*``,       400, as any unknown kind
``debug.*``
tokens optional                        a bearer token always, no ``Origin``, JSON
                                       only, 2 MiB, ids at most 1024 characters
=====================================  ===========================================
"""
