// Room for DefinitionFiles; see docs/ARCHITECTURE.md.
