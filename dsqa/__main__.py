"""`python -m dsqa`."""

from dsqa.cli import main

raise SystemExit(main())
