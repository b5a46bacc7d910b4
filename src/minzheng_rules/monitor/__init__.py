"""Departments' records to warnings: which households somebody should look at, on what evidence and under which article."""
