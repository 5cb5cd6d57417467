"""Links inside the repository: its files, its name, its branch."""
