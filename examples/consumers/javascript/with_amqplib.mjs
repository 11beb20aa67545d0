// node with_amqplib.mjs AMQP_URL QUEUE DATABASE: a consumer with amqplib and the CloudEvents SDK.

import amqp from "amqplib";
import { CloudEvent } from "cloudevents";
import { Ledger } from "./ledger.mjs";

const PREFIX = "cloudEvents:";
const AT_ONCE = 50;
const AGAIN_AFTER = 2000; // milliseconds, when the broker is away

const [amqpUrl, queue, database] = process.argv.slice(2);
const ledger = new Ledger(database);

// Throws when the message is no event of CloudEvents 1.0.
function eventOf({ properties, content }) {
  const attributes = Object.entries(properties.headers ?? {})
    .filter(([name]) => name.startsWith(PREFIX))
    .map(([name, value]) => [name.slice(PREFIX.length), value]);
  return new CloudEvent({
    ...Object.fromEntries(attributes),
    datacontenttype: properties.contentType,
    data: JSON.parse(content.toString("utf8")),
  });
}

function take(channel, message) {
  let event;
  try {
    event = eventOf(message);
  } catch (error) {
    console.error(`set aside: ${error.message.split("\n")[0]}`);
    channel.reject(message, false); // to the dead letters
    return;
  }
  const fresh = ledger.apply(event); // an error ends this process: the event comes again
  channel.ack(message);
  console.log(`${fresh ? "applied" : "known"} ${event.id}`);
}

// Until the connection is lost.
async function consume() {
  const connection = await amqp.connect(amqpUrl, { heartbeat: 20 });
  const lost = new Promise((resolve) => connection.once("close", resolve));
  connection.on("error", (error) => console.error(`broker: ${error.message}`));
  const channel = await connection.createChannel();
  await channel.prefetch(AT_ONCE);
  const cancelled = () => connection.close();
  await channel.consume(queue, (message) => (message ? take(channel, message) : cancelled()));
  await lost;
}

for (;;) {
  await consume().catch((error) => console.error(`broker: ${error.message}`));
  await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER));
}
