"""The version, where everything may read it without importing the public face."""

__version__ = "0.2.0"
