from .tokens import add_application, make_token, revoke_token, revoke_tokens_of

__all__ = ["add_application", "make_token", "revoke_token", "revoke_tokens_of"]
