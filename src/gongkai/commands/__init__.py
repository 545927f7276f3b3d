"""The command line's parts; ``gongkai.cli`` puts them together. No rules here: the library has them."""
