"""Index and sections: each question has its line, each line its question."""
