// Room for AWSJSONServer; see docs/ARCHITECTURE.md.
