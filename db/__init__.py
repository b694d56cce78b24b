"""The database: engine, migrations, models and the embedded Postgres."""
