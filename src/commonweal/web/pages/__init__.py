"""What does each part of the way through look like to a reader? One file a subject, each making a document."""
