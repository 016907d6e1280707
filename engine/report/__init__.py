"""What leaves the program: the wording of results and the PDF."""
