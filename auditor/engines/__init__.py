"""The engines that hold the tables and run the statements; nothing else knows them."""
