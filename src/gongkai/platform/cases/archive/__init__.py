"""The archive package of a case (归档包): a ZIP that opens, and can be verified, with nothing of ours."""
