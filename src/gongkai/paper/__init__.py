"""What reports and letters share on paper: text that files hold, what fonts draw, Word's Chinese styles."""
