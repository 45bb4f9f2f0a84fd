"""Citizen numbers, area codes, masking: what identifies a person, without a database."""

from .areas import Area, area_name, area_remark, areas, full_area_name
from .certificates import DisabilityCertificate, check_account, luhn_holds, read_disability_certificate
from .masking import mask_account, mask_name, mask_number, mask_phone
from .number import CitizenNumber, Finding, Sex, check_character, from_fifteen, is_valid, normalise, read_number

__all__ = [
    "Area",
    "CitizenNumber",
    "DisabilityCertificate",
    "Finding",
    "Sex",
    "area_name",
    "area_remark",
    "areas",
    "check_account",
    "check_character",
    "from_fifteen",
    "full_area_name",
    "is_valid",
    "luhn_holds",
    "mask_account",
    "mask_name",
    "mask_number",
    "mask_phone",
    "normalise",
    "read_disability_certificate",
    "read_number",
]
