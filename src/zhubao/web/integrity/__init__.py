"""Pages of fraud and dishonesty: what was found, what the person says, what was decided, what came back, who is listed until when."""
