// Room for JSONPath; see docs/ARCHITECTURE.md.
