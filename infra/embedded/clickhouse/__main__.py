"""``python -m infra.embedded.clickhouse``."""

import sys

from infra.embedded.clickhouse.main import main

sys.exit(main(sys.argv[1:]))
