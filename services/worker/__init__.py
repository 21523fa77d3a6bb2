"""The worker: runs approvals, and is the only one that sends mail."""
