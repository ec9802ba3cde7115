"""Measures of a history, one file an equation: values with a definition and a source."""
