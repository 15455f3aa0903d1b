"""Files that were made to do harm, each with the problem that an audit must tell instead."""
