"""Supposing: what is asked, weighed against a history, tried, and said."""
