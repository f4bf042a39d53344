"""What agents may ask of hive, told to their models and carried to `ports.Tools`, whatever the way."""
