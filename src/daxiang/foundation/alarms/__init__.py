"""Alarms: what a person must look at, told on a channel outside WeChat."""
