"""What holds over several documents of a relationship: promises, troubles, questions, signals, mood and rhythm."""
