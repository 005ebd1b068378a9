"""Minutes, notes of meetings and transcripts: who was there, what was decided, who does what by when, what is open."""
