"""What an owner threw away and may take back."""
