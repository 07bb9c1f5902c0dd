"""The embedded platform of one machine: PostgreSQL, an AWS endpoint and Airflow as child processes on loopback.

Started by ``make run``. Nothing else in the package knows of it. Airflow is started as a program, never imported.
"""
