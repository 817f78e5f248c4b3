"""`python -m bdnnlang.cli`."""

import sys

from bdnnlang.cli.main import main

sys.exit(main())
