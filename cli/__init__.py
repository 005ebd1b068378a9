"""The command line. Reads through `store.read`, starts work through `pipeline`, computes nothing itself."""
