// Room for RedshiftDataEmulator; see docs/ARCHITECTURE.md.
