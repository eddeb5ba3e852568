"""What a finished PDF or EPUB must hold to: rules of our own, EPUBCheck and Ace."""
