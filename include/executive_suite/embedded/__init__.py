"""The embedded platform on one machine: PostgreSQL, an AWS endpoint and Airflow as child processes on loopback.

``make run`` starts it. Nothing else in the package knows it. Airflow is started as a program, never imported.
"""
