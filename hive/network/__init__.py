"""The way out of a sandbox: a proxy that keeps a list of hosts, and a forwarder that leads to it from inside."""
