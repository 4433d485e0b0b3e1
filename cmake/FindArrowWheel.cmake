# Arrow and Parquet for C++ from the pyarrow wheel in .deps/venv: Debian has no Arrow, the wheel is the same code.
# It is linked by its versioned name, so nothing has to be added to the wheel. Defines Arrow::parquet,
# ArrowWheel_RUNTIME, ArrowWheel_LICENCES; and ArrowWheel_S3, the library that is loaded for a lake in S3, if the wheel has it.
execute_process(
  COMMAND "${TIDEMARK_DEPS}/venv/bin/python" -c
          "import pyarrow as p; print(p.__version__, p.get_include(), p.get_library_dirs()[0], p.cpp_build_info.so_version, sep=';')"
  OUTPUT_VARIABLE wheel OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(wheel)
  list(GET wheel 0 ArrowWheel_VERSION)
  list(GET wheel 1 ArrowWheel_INCLUDE)
  list(GET wheel 2 folder)
  list(GET wheel 3 so_version)
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ArrowWheel
  REQUIRED_VARS ArrowWheel_INCLUDE VERSION_VAR ArrowWheel_VERSION
  REASON_FAILURE_MESSAGE "no pyarrow in ${TIDEMARK_DEPS}/venv, which ./dev build installs")
file(GLOB_RECURSE ArrowWheel_LICENCES "${folder}/../pyarrow-${ArrowWheel_VERSION}.dist-info/LICENSE.txt"
     "${folder}/../pyarrow-${ArrowWheel_VERSION}.dist-info/NOTICE.txt")
set(ArrowWheel_RUNTIME)
foreach(library IN ITEMS arrow parquet)
  set(file "${folder}/lib${library}.so.${so_version}")
  list(APPEND ArrowWheel_RUNTIME "${file}")
  if(NOT TARGET Arrow::${library})
    add_library(Arrow::${library} SHARED IMPORTED GLOBAL)
    set_target_properties(Arrow::${library} PROPERTIES
      IMPORTED_LOCATION "${file}" INTERFACE_INCLUDE_DIRECTORIES "${ArrowWheel_INCLUDE}")
  endif()
endforeach()
set(ArrowWheel_S3 "${folder}/libarrow_s3.so.${so_version}")
if(NOT EXISTS "${ArrowWheel_S3}")
  set(ArrowWheel_S3)
endif()
set_target_properties(Arrow::parquet PROPERTIES INTERFACE_LINK_LIBRARIES Arrow::arrow)
