"""The services: a worker and two gateways, each a process of its own.

None of them imports another. A checkout has them beside the library; a wheel
installs them as ``signoff.services``, so inside here imports are relative.
"""
