"""Floor 4: the engines that hold the tables and run the statements; nothing else knows them."""
