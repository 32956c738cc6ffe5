"""Commands that go on by themselves: `watching` checks at every save, `demo` trains a network."""
