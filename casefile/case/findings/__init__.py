"""What is worth a look in a case file that can be read, a module for each subject."""
