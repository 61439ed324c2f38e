"""Daxiang (大象): a whole city's traffic police inside WeChat."""

__version__ = "0.1.0"
