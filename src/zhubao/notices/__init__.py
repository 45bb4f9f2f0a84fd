"""What was told to whom: the words, the way, the proof of delivery, the acknowledgement."""
