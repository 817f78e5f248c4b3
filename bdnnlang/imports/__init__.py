"""Networks that somebody brings: the answer of any solver to our program, a `network.json`, or plain weights as csv."""
