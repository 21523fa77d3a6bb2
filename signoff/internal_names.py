"""Names of the environment by which `signoff up` talks to its children.

They are no settings: nobody else sets them, and they may change at any time.
"""

#: The port of 127.0.0.1 at which a child answers for its health.
HEALTH_PORT = "SIGNOFF_INTERNAL_HEALTH_PORT"
#: What the child is called in logs, such as ``worker-2``.
NAME = "SIGNOFF_INTERNAL_NAME"
#: ``console`` or ``json``: the child writes to a pipe, we perhaps to a terminal.
LOG_FORMAT = "SIGNOFF_INTERNAL_LOG_FORMAT"
#: The path of the lock that all children share; see `signoff.parent_watch`.
PARENT = "SIGNOFF_INTERNAL_PARENT"
