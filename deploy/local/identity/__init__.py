"""Sign-in on one machine: nanoidp, told about the example staff.

It stands in for the institution's own OpenID provider, holds example people only and listens on
the loopback interface only. The gateway knows it as it would know any other provider.
"""
