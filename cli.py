"""The command line from a checkout: `python cli.py audit …`. Installed, the same is called `ducha`."""

import sys

from auditor.commands import main

if __name__ == "__main__":
    sys.exit(main(called="python cli.py"))
