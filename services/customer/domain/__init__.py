"""Who a customer is and what they own, and the rules about it."""
