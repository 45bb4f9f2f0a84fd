"""Doing it from home: the menu of three services for citizens, the requests for the offices, and how much of it is online."""
