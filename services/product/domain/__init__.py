"""What a product is and which rules it keeps."""
