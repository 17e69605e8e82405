"""Is the contract ready for the next stage: questions, findings, answers and proof."""
