# ISA-L, Intel's library for storage: CRC-32C by the processor's own instructions. Defines IsaL::isal.
find_path(IsaL_INCLUDE isa-l/crc.h)
find_library(IsaL_LIBRARY isal)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(IsaL REQUIRED_VARS IsaL_LIBRARY IsaL_INCLUDE
  REASON_FAILURE_MESSAGE "no ISA-L, which ./dev build installs")
if(IsaL_FOUND AND NOT TARGET IsaL::isal)
  add_library(IsaL::isal UNKNOWN IMPORTED GLOBAL)
  set_target_properties(IsaL::isal PROPERTIES
    IMPORTED_LOCATION "${IsaL_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${IsaL_INCLUDE}")
endif()
