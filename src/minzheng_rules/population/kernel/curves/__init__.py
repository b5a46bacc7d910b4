"""What rules come to at many values of a figure at once: truths as bits, numbers as straight lines with a jump."""
