"""A stand-in for the WeChat platform on one machine: people, phones, callbacks and a record of what happened.

Independent of the product it is used to try: it imports nothing of it and talks to it over HTTP only.
"""
