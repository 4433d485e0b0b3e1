# libzstd, which unpacks Zstandard. Debian's package has no CMake file. Defines Zstd::zstd.
find_path(Zstd_INCLUDE zstd.h)
find_library(Zstd_LIBRARY zstd)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Zstd REQUIRED_VARS Zstd_LIBRARY Zstd_INCLUDE
  REASON_FAILURE_MESSAGE "no libzstd, which ./dev build installs")
if(Zstd_FOUND AND NOT TARGET Zstd::zstd)
  add_library(Zstd::zstd UNKNOWN IMPORTED GLOBAL)
  set_target_properties(Zstd::zstd PROPERTIES
    IMPORTED_LOCATION "${Zstd_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${Zstd_INCLUDE}")
endif()
