"""Where does a word occur, and how often in each year? Concordance (KWIC) and trends."""
