"""The days an audit counts by: periods with their labels, and mainland China's working days."""
