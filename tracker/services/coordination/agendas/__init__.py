"""What waits for joint meetings, what stands on their agendas, their papers, and what they come to."""
