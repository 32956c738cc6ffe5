"""Commands that go on by themselves, or ask.

`watching` checks at every save, `demo` trains a network, `quizzing` asks about code that passes.
"""
