"""What can be asked, one file a subject. Routes read through `store` and start work through `pipeline`."""
