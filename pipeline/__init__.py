"""The conductor: the only package that knows all the others, and the only place with processes, queues and batches."""
