"""People beside the applicant: who acts with which authority, checks, and whom letters name."""
