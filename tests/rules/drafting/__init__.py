"""Notices whose drafts are known. Every notice and every town here is invented."""
