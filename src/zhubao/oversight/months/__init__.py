"""What a month of a county comes to, programme by programme, and which figure rests on what."""
