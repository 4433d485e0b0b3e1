# The commit that is built, as `git describe` prints it. It is queried at each build, but written, and so compiled, only
# when it has changed. Without git, or outside a checkout, it is empty.

if(CMAKE_SCRIPT_MODE_FILE)
  cmake_minimum_required(VERSION 3.25)
  execute_process(COMMAND git -C "${SOURCE}" describe --always --dirty --tags --abbrev=12
                  OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  # Sources inside another project's checkout are not described by that project's commit.
  if(failed OR NOT EXISTS "${SOURCE}/.git")
    set(revision "")
  endif()
  file(CONFIGURE OUTPUT "${OUT}" CONTENT
       "#include \"app/process/revision.h\"\n\nconst char* const tidemark::revision = \"@revision@\";\n" @ONLY)
  return()
endif()

function(tidemark_revision target)
  set(file "${CMAKE_CURRENT_BINARY_DIR}/revision.cc")
  add_custom_target(tidemark_revision BYPRODUCTS "${file}" COMMENT ""
                    COMMAND "${CMAKE_COMMAND}" "-DSOURCE=${CMAKE_SOURCE_DIR}" "-DOUT=${file}"
                            -P "${CMAKE_SOURCE_DIR}/cmake/Revision.cmake")
  target_sources(${target} PRIVATE "${file}")
endfunction()
