"""What stands between one command and a running system.

`bootstrap` is standard library only and makes `.venv`; `supervisor` then starts the services and the
processes of the product. Nothing here imports Django, and no app imports anything here.
"""
