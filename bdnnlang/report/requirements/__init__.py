"""What the requirements of a spec come to, for people and for scripts."""
