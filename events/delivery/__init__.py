"""Events on their way out: relayed to endpoints, sent in order, one request at a time for each subject."""
