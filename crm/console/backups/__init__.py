"""One archive that holds everything, and the way back from it.

`making.make` writes it while the product runs; `restoring.restore` and `restoring.drill` read it. An archive is an
uncompressed tar: `database.dump` (pg_dump's custom format, itself compressed), `files/…` as they lie in MEDIA_ROOT,
`manifest.json` with counts and checksums of all of it, `manifest.sha256` with the checksum of that.
"""
