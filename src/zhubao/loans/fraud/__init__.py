"""Fraud: facts, notice, statement, decision by the agency with finance, recovery. A record beside the loan."""
