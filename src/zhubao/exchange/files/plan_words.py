"""Words and offices that the files about contributions on behalf share."""

from zhubao.access.roles import OrganisationKind

DEPARTMENTS = frozenset({OrganisationKind.CIVIL_AFFAIRS, OrganisationKind.RURAL_AFFAIRS, OrganisationKind.DISABLED_FEDERATION})
CATEGORIES = {
    "特困人员": "tekun",
    "低保对象": "dibao",
    "返贫致贫人口": "return_to_poverty",
    "脱贫人口": "escaped_poverty",
    "防止返贫监测对象": "monitored",
    "重度残疾人": "severe_disability",
}
