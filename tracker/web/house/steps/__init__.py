"""The form of any step, for whichever flow it is of."""
