"""The pytest plugin: worked cases in YAML are collected like tests."""
