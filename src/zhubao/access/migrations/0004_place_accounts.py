"""Accounts that are there get a region."""

from django.db import migrations

# Until now an account belonged nowhere: it goes where its first post is.
PLACE = """
UPDATE access_user SET region_id = first.region_id
FROM (
    SELECT DISTINCT ON (post.user_id) post.user_id, organisation.region_id
    FROM access_post post JOIN access_organisation organisation ON organisation.id = post.organisation_id
    ORDER BY post.user_id, post.id
) first
WHERE first.user_id = access_user.id AND access_user.region_id IS NULL
"""


class Migration(migrations.Migration):
    """Fill the region of accounts."""

    dependencies = [("access", "0003_accounts")]
    operations = [migrations.RunSQL(PLACE, migrations.RunSQL.noop)]
