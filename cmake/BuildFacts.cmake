# The facts that `tidemark version --build` prints: flags, tools, and the packages of every linked library at build
# time. They are collected again when one of those libraries or the flags change.

# tidemark_build_facts(<target> <library target>...): a header-only target is given as the path of one of its headers.
function(tidemark_build_facts target)
  set(file "${CMAKE_CURRENT_BINARY_DIR}/build_facts.cc")
  set(parts)
  foreach(part IN LISTS ARGN)
    if(NOT TARGET "${part}")
      list(APPEND parts "${part}")
      continue()
    endif()
    get_target_property(type "${part}" TYPE)
    if(NOT type STREQUAL "INTERFACE_LIBRARY")
      list(APPEND parts "$<TARGET_FILE:${part}>")
    endif()
  endforeach()
  list(APPEND parts "${CMAKE_CXX_COMPILER}" "${CMAKE_COMMAND}")
  if(MOLD)
    list(APPEND parts "${MOLD}")
  endif()
  add_custom_command(
    OUTPUT "${file}"
    COMMAND "${TIDEMARK_DEPS}/venv/bin/python" "${CMAKE_SOURCE_DIR}/cmake/build_facts.py" "${file}" "${CMAKE_BINARY_DIR}"
            "$<CONFIG>" ${parts}
    DEPENDS "${CMAKE_SOURCE_DIR}/cmake/build_facts.py" "${CMAKE_BINARY_DIR}/compile_commands.json" ${parts}
    COMMENT "Asking what the program is built with" VERBATIM)
  target_sources(${target} PRIVATE "${file}")
endfunction()
