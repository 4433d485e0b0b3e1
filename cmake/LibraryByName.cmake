# For a Find module of a library that brings no CMake file of use: it is found by the names of a header and of its file.
include(FindPackageHandleStandardArgs)

# tidemark_library_by_name(<package> <target> HEADER <header> LIBRARY <name> CALLED <name in messages>) defines <target>.
macro(tidemark_library_by_name package target)
  cmake_parse_arguments(by_name "" "HEADER;LIBRARY;CALLED" "" ${ARGN})
  find_path(${package}_INCLUDE ${by_name_HEADER})
  find_library(${package}_LIBRARY ${by_name_LIBRARY})
  find_package_handle_standard_args(${package} REQUIRED_VARS ${package}_LIBRARY ${package}_INCLUDE
    REASON_FAILURE_MESSAGE "no ${by_name_CALLED}, which ./dev build installs")
  if(${package}_FOUND AND NOT TARGET ${target})
    add_library(${target} UNKNOWN IMPORTED GLOBAL)
    set_target_properties(${target} PROPERTIES
      IMPORTED_LOCATION "${${package}_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${${package}_INCLUDE}")
  endif()
endmacro()
