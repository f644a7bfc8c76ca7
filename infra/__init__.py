"""Adapters to Kafka, ClickHouse, object stores and processes. They know no cameras."""
