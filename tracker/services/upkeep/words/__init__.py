"""What people wrote, erased where the law asks for it."""
