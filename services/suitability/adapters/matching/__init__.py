"""All clients against all products, by bits: what a mask asks, worked out with numpy."""
