"""How far the product is from the floor: each figure beside its baseline, from the same run."""
