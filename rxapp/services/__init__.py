"""What the product can do, one noun a file. No Reflex, no HTTP."""
