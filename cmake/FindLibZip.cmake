# libzip, which reads archives. The CMake file of Debian's package names programs that the package does not install, so
# it is not used. Defines LibZip::zip.
find_path(LibZip_INCLUDE zip.h)
find_library(LibZip_LIBRARY zip)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibZip REQUIRED_VARS LibZip_LIBRARY LibZip_INCLUDE
  REASON_FAILURE_MESSAGE "no libzip, which ./dev build installs")
if(LibZip_FOUND AND NOT TARGET LibZip::zip)
  add_library(LibZip::zip UNKNOWN IMPORTED GLOBAL)
  set_target_properties(LibZip::zip PROPERTIES
    IMPORTED_LOCATION "${LibZip_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${LibZip_INCLUDE}")
endif()
