"""`python -m groundswell.cli`, for children that must run under the same interpreter."""

import sys

from groundswell.cli.main import main

sys.exit(main())
