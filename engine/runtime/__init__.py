"""From a typed program and a stream of events to decisions and appeals."""
