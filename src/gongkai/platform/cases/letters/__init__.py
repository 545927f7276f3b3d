"""Letters out: which there are, how their texts are filled, and how they are set as DOCX and PDF."""
