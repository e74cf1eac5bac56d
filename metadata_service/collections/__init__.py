"""Photos and text cards in an order that their owner chose."""
