"""The case: ``fold`` events into a state, ``decide`` what may happen next, ``deadlines`` with their steps."""
