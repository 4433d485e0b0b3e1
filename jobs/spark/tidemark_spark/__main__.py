"""python -m tidemark_spark"""

import sys

from tidemark_spark.command_line import main

sys.exit(main())
