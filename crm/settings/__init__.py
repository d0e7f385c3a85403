"""Settings by role: `base` is shared, `dev` is what bin/run uses, `test` and `prod` say so themselves."""
