"""An institution of its own, with a provider that it trusts."""

from tests.noninterference.conftest import patched, provider, servers, signing

__all__ = ["patched", "provider", "servers", "signing"]
