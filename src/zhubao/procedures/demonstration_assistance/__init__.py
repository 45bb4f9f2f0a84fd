"""The two counties of the demonstration that pay contributions on behalf: their offices, people, and a year as it was lived."""
