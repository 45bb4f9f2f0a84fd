"""What people may do from home: enrol, claim the pension, prove that they draw it; asked for online or brought to the counter."""
