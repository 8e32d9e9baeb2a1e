"""Runs steps with a real Django on a project of migrations, and prints what came of each as JSON.

The arguments are the folder of the project, the database (a file of SQLite, or the JSON of a Django database) and JSON: a list of
["migrate", ...], ["showmigrations", ...], ["state"], ["insert", table] or ["rows", app, migration]: rows are read and written with the models
as they were after that migration.
"""

import io
import json
import os
import sys

folder, database, steps = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
sys.path.insert(0, folder)
apps = sorted(name for name in os.listdir(folder) if os.path.isdir(os.path.join(folder, name, "migrations")))

import django
from django.conf import settings

settings.configure(
    INSTALLED_APPS=apps,
    DATABASES={"default": json.loads(database) if database.startswith("{") else {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    USE_TZ=True,
)
django.setup()

from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone


def state():
    """The applied migrations, and tables, columns and constraints by their meaning, not their order or their names."""
    applied = sorted([m.app, m.name] for m in MigrationRecorder.Migration.objects.all())
    tables = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table == "django_migrations":
                continue
            columns = sorted(
                [c.name, str(c.type_code), str(c.internal_size), bool(c.null_ok), str(c.default)]
                for c in connection.introspection.get_table_description(cursor, table)
            )
            constraints = sorted(
                json.dumps([c["columns"], c["primary_key"], c["unique"], c["foreign_key"], c["check"], c["index"]])
                for c in connection.introspection.get_constraints(cursor, table).values()
            )
            tables[table] = [columns, constraints]
    return {"applied": applied, "tables": tables}


def values(model, low):
    """The extremes that the fields of a model take, but for references, which are to the last row."""
    row = {}
    for f in model._meta.local_concrete_fields:
        if f.auto_created or isinstance(f, models.AutoField):
            continue
        if f.is_relation:
            row[f.name] = None if f.null and low else f.related_model.objects.order_by('id').last()
        elif f.null and low:
            row[f.name] = None
        elif isinstance(f, models.DecimalField):
            row[f.name] = "9" * (f.max_digits - f.decimal_places) + "." + "9" * f.decimal_places
        elif isinstance(f, models.BooleanField):
            row[f.name] = not low
        elif isinstance(f, models.IntegerField):
            row[f.name] = connection.ops.integer_field_range(f.get_internal_type())[0 if low else 1]
        elif isinstance(f, (models.CharField, models.TextField)):
            row[f.name] = ("" if low else "x") * (f.max_length or 500)
        elif isinstance(f, models.DateTimeField):
            row[f.name] = timezone.now()
        else:
            row[f.name] = f.get_default()
    return row


def rows(app, migration):
    """Reads and writes each model of an app as it was; gives how many rows it wrote."""
    state = MigrationLoader(connection).project_state((app, migration))
    found = [m for m in state.apps.get_models() if m._meta.app_label == app and m._meta.managed]
    found.sort(key=lambda m: (any(f.is_relation for f in m._meta.local_fields), m.__name__))
    written = 0
    for i, model in enumerate(found):
        for low in [True] + [False] * (len(found) + 1 - i):  # so that a row's number is not one of another model's
            row = model.objects.create(**values(model, low))
            for f in model._meta.local_many_to_many:
                getattr(row, f.name).set(list(f.remote_field.model.objects.all()[:1]))
            written += 1
        for row in model.objects.all():
            for f in model._meta.local_many_to_many:
                list(getattr(row, f.name).all())
    return {"rows": written}


def insert(table):
    """Adds a row, with nothing in the columns that may be empty."""
    with connection.cursor() as cursor:
        needed = [c.name for c in connection.introspection.get_table_description(cursor, table) if not c.null_ok and c.name != "id"]
        if needed:
            cursor.execute("INSERT INTO %s (%s) VALUES (%s)" % (table, ", ".join('"%s"' % n for n in needed), ", ".join("1" for _ in needed)))
        else:
            cursor.execute("INSERT INTO %s DEFAULT VALUES" % table)
    return {}


results = []
for step in steps:
    out = io.StringIO()
    try:
        if step[0] in ("migrate", "showmigrations"):
            call_command(*step, stdout=out, verbosity=1)
            results.append({"out": out.getvalue()})
        elif step[0] == "insert":
            results.append(insert(*step[1:]))
        elif step[0] == "state":
            results.append(state())
        elif step[0] == "rows":
            results.append(rows(*step[1:]))
    except Exception as e:
        results.append({"out": out.getvalue(), "error": type(e).__name__ + ": " + str(e)})
print(json.dumps(results))
