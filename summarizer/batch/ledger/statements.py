"""The larger SQL statements of the ledger.

`listing` is what the folder holds in this run, `run` the one row with the engine whose outcomes count; both are
temporary, of one connection.
"""

from __future__ import annotations

__all__ = ["COUNT_FILES", "COUNT_OPEN", "COUNT_UNREAD", "COUNT_WAITING", "NEXT_FILES", "RESULTS", "TEMPORARY"]

TEMPORARY = """
CREATE TEMP TABLE listing (
    file TEXT PRIMARY KEY, path BLOB NOT NULL, size INTEGER, modified INTEGER, changed INTEGER, inode INTEGER
) WITHOUT ROWID;
CREATE TEMP TABLE run (engine TEXT NOT NULL);
CREATE TEMP VIEW listed AS
    SELECT
        listing.*,
        files.file IS NOT NULL AS is_known,
        (files.size, files.modified, files.changed, files.inode)
            IS (listing.size, listing.modified, listing.changed, listing.inode) AS is_same
    FROM listing LEFT JOIN files USING (file);
CREATE TEMP VIEW open AS
    SELECT entries.file
    FROM entries JOIN run
        LEFT JOIN outcomes ON outcomes.content = entries.content AND outcomes.engine = run.engine
    WHERE entries.content IS NOT NULL AND outcomes.content IS NULL;
"""
"""`listed`: the files of this run, and whether each is as it was when it was read. `open`: the file of each article
that has no outcome."""

COUNT_FILES = """
SELECT TOTAL(is_same), TOTAL(is_known AND NOT is_same), TOTAL(NOT is_known) FROM listed WHERE path != x''
"""

NEXT_FILES = """
SELECT
    file, path, size, modified, changed, inode,
    CASE
        WHEN path = x'' THEN 1
        WHEN is_same AND NOT EXISTS (SELECT 1 FROM open WHERE open.file = listed.file)
        THEN (SELECT COUNT(*) FROM entries WHERE entries.file = listed.file)
    END AS inputs
FROM listed WHERE file > :last ORDER BY file LIMIT :page
"""
"""Files behind the last one in path order; `inputs` is how many a file holds for which all is done, else NULL."""

RESULTS = """
SELECT
    entries.file, entries.position, entries.name, entries.content, entries.source, entries.failure,
    outcomes.counts, outcomes.body, outcomes.failure,
    EXISTS (
        SELECT 1 FROM entries same JOIN listing USING (file)
        WHERE same.content = entries.content AND (same.file, same.position) < (entries.file, entries.position)
    ) AS is_again
FROM listing CROSS JOIN entries ON entries.file = listing.file
    LEFT JOIN outcomes
        ON outcomes.content = entries.content AND outcomes.engine = (SELECT engine FROM run)
ORDER BY listing.file, entries.position LIMIT :limit
"""
"""The first inputs of this run in path order, with what became of them. The joins are walked in that order (CROSS JOIN
keeps it), so that nothing is sorted: the rows of a large folder are gigabytes."""

COUNT_OPEN = """
SELECT COUNT(*) FROM (
    SELECT 1 FROM listed
    WHERE path != x'' AND NOT (is_same AND NOT EXISTS (SELECT 1 FROM open WHERE open.file = listed.file))
    LIMIT :most
)
"""
"""Files of which something is to be done, counted up to a number that is enough to know."""

COUNT_UNREAD = """
SELECT COUNT(*) FROM listed
WHERE path != x'' AND NOT is_same
    AND NOT EXISTS (SELECT 1 FROM entries WHERE entries.file = listed.file AND entries.failure IS NOT NULL)
"""
"""Files that were not read in this run, nor in an earlier one as they are now."""

COUNT_WAITING = """
SELECT COUNT(*)
FROM (SELECT content FROM listing JOIN entries USING (file) ORDER BY file, position LIMIT :limit) inputs
    JOIN run LEFT JOIN outcomes ON outcomes.content = inputs.content AND outcomes.engine = run.engine
WHERE inputs.content IS NOT NULL AND outcomes.content IS NULL
"""
"""Of the first inputs of this run, the articles that have no outcome."""
