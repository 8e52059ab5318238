"""Who does the work of a run: this process, a pool of processes, an event loop, a cluster. All keep to one protocol."""
