"""What a file may be. Said on the page before anybody chooses one."""

MAX_BYTES = 20 * 1024 * 1024
#: What an XLSX file may unpack to.
MAX_UNPACKED_BYTES = 120 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 200
#: Cells of a sheet between its first and its last.
MAX_CELLS = 5_000_000
#: Signs of one cell; more is no cell of a table, but a quotation mark that is never closed.
MAX_CELL = 20_000
MAX_HEADING = 300
#: Rows that one record, such as an order, may take.
MAX_GROUP = 500
#: How long an import can be undone, and its file is kept.
UNDO_DAYS = 30
