"""Pages of the yearly plan of contributions on behalf: plans, their rows, reckonings and what-ifs."""
