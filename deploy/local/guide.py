"""Where to look once the stack is up, and as whom."""

from collections.abc import Iterator, Sequence

from deploy.local import rabbitmq
from deploy.local.clock import shown
from deploy.local.identity.configuration import STAFF
from deploy.local.identity.institution import Person, read
from deploy.local.stack import Stack


def where_to_look(running: Stack) -> str:
    here, secrets = running.settings, running.secrets
    return f"""
Where to look
  API documents  {here.url("gateway", "/docs")}
  REST API       {here.url("gateway", "/v1")}
  event broker   {here.url("amqp_management")}  {rabbitmq.USER} / {secrets.password("rabbitmq")}
  logs           {here.logs}
  time           {shown(here.clock_offset)}

Who may sign in at {here.url("identity")}, all with the password {secrets.password(STAFF)}
{signed_in(read().staff)}
  a token: .venv/bin/python -m deploy.local.identity token {read().staff[0].staff_id}"""


def signed_in(staff: Sequence[Person]) -> str:
    lines = (
        f"  {person.staff_id:<22}{', '.join(person.roles):<18}{person.name}"
        for person in one_of_each(staff)
    )
    return "\n".join(lines)


def one_of_each(staff: Sequence[Person]) -> Iterator[Person]:
    """The first of those who have the same roles."""
    met = set()
    for person in staff:
        if person.roles not in met:
            met.add(person.roles)
            yield person
