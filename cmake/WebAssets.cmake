# The page inside the binary: builds web/ with Vite, then makes the library tidemark_web from the result (declared in
# src/io/serve/web_assets.h). Without web/package-lock.json the library holds no page.
set(web "${CMAKE_SOURCE_DIR}/web")
set(generated "${CMAKE_BINARY_DIR}/web")
set(dist "${generated}/dist")  # not web/dist: two build trees may work at once
set(python "${TIDEMARK_DEPS}/venv/bin/python")
set(web_inputs)
option(TIDEMARK_PAGE "Build the page and put it into the binary" ON)

file(GLOB web_project CONFIGURE_DEPENDS "${web}/package-lock.json")
if(web_project AND TIDEMARK_PAGE)
  set(with_node "${CMAKE_COMMAND}" -E env "PATH=${TIDEMARK_DEPS}/bin:$ENV{PATH}")
  set(lock "${web}/package-lock.json")
  set(installed "${web}/node_modules/.package-lock.json")
  # Every build tree asks for this once. The packages are installed again only if the lock file is newer.
  add_custom_command(
    OUTPUT "${installed}"
    COMMAND test "${installed}" -nt "${lock}" || ${with_node} npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
    COMMAND "${CMAKE_COMMAND}" -E touch "${installed}"
    DEPENDS "${lock}" WORKING_DIRECTORY "${web}" COMMENT "Installing what the page is built with" USES_TERMINAL)

  file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS "${web}/*")
  list(FILTER web_sources EXCLUDE REGEX "/web/(node_modules|dist|test-results|\\.[^/]*)/")
  set(page "${dist}/index.html")
  add_custom_command(
    OUTPUT "${page}"
    COMMAND ${with_node} npm run --silent build -- --outDir "${dist}" --emptyOutDir --logLevel warn
    COMMAND "${CMAKE_COMMAND}" -E touch "${page}"
    DEPENDS "${installed}" ${web_sources} "${CMAKE_SOURCE_DIR}/docs/questions.md" "${CMAKE_SOURCE_DIR}/contract/semantics.md" WORKING_DIRECTORY "${web}" COMMENT "Building the page")
  list(APPEND web_inputs "${page}")
endif()

add_custom_command(
  OUTPUT "${generated}/web_assets.cc" "${generated}/web_assets.S"
  COMMAND "${python}" "${CMAKE_SOURCE_DIR}/cmake/embed_web.py" "${dist}" "${generated}"
  DEPENDS "${CMAKE_SOURCE_DIR}/cmake/embed_web.py" ${web_inputs} COMMENT "Packing the page")
add_library(tidemark_web STATIC "${generated}/web_assets.cc" "${generated}/web_assets.S")
tidemark_harden(tidemark_web)
target_include_directories(tidemark_web PUBLIC "${CMAKE_SOURCE_DIR}/src")
