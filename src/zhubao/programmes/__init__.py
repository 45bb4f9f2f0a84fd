"""What a county decides: its own figures, answers to open questions, what is activated."""
