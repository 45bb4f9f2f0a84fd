"""Persons, their households, insured records and certified identities: who somebody is, with the source of every statement."""
