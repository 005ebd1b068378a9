"""The service: what is known, as JSON for programs and as pages for people."""
