"""Events for systems without AMQP, sent to their own addresses after Standard Webhooks."""
