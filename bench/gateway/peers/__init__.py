"""The peers: what a careful engineer would write with each stack. They run in a virtual environment of their
own and import nothing of Daxiang.
"""
