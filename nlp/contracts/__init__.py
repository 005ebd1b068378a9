"""What a contract says: facts with their clause, parties, obligations. Words are data; functions are pure."""
