"""The parts of the page that `auditor.reports.to_html` puts together."""
