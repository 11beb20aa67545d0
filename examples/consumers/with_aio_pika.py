"""python -m examples.consumers.with_aio_pika AMQP_URL QUEUE DATABASE: a consumer on asyncio."""

import asyncio
import sys
from pathlib import Path

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

from examples.consumers.ledger import Ledger

AT_ONCE = 50


async def take(message: AbstractIncomingMessage, ledger: Ledger) -> None:
    try:
        fresh = ledger.apply(message.headers, message.body)
    except ValueError as error:
        sys.stderr.write(f"set aside: {error}\n")
        await message.reject(requeue=False)  # to the dead letters
        return
    await message.ack()
    sys.stdout.write(f"{'applied' if fresh else 'known'} {message.message_id}\n")
    sys.stdout.flush()


async def main(amqp_url: str, queue_name: str, database: str) -> None:
    ledger = Ledger(Path(database))
    connection = await aio_pika.connect_robust(amqp_url, heartbeat=20)
    async with connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=AT_ONCE)
        queue = await channel.get_queue(queue_name, ensure=False)  # its user may declare nothing
        async with queue.iterator() as messages:
            async for message in messages:
                await take(message, ledger)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
