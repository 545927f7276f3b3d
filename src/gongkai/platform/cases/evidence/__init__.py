"""Evidence for a proceeding (证据材料): a numbered list and the papers in its order, in one press."""
