"""Resident pensions: who comes of age is found each month, seniors without any pension too; granted, raised by date, ended by death."""
