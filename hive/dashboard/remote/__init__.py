"""A project that another machine serves: the same log and the same controls, over `hive serve`'s API."""
