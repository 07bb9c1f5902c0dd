"""Views to bytes: text, HTML, mail, PDF, workbook, charts; and the linter that reads them."""
