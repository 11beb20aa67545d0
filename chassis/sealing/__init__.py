"""Personal data at rest: sealed per field under data keys, which master keys wrap."""
