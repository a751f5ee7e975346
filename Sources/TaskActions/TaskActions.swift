// Room for TaskActions; see docs/ARCHITECTURE.md.
