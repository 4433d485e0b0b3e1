# libduckdb.so from DuckDB's npm package in .deps. It is not linked: io/query opens it at the first question.
find_file(DuckDBNode_RUNTIME libduckdb.so NO_DEFAULT_PATH
          PATHS "${TIDEMARK_DEPS}/node_modules/@duckdb/node-bindings-linux-x64"
                "${TIDEMARK_DEPS}/node_modules/@duckdb/node-bindings-linux-arm64")
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(DuckDBNode REQUIRED_VARS DuckDBNode_RUNTIME
  REASON_FAILURE_MESSAGE "no DuckDB in ${TIDEMARK_DEPS}, which ./dev build installs")
get_filename_component(DuckDBNode_LICENCE "${DuckDBNode_RUNTIME}" DIRECTORY)
string(APPEND DuckDBNode_LICENCE "/LICENSE")
