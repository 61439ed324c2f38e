"""The platform as a program that serves an account sees it: one module a noun, limits and codes as tables."""
