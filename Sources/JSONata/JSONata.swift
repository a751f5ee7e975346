// Room for JSONata; see docs/ARCHITECTURE.md.
