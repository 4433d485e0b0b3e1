# cctz, Google's reader of the tz database. Defines Cctz::cctz.
find_path(Cctz_INCLUDE cctz/time_zone.h)
find_library(Cctz_LIBRARY cctz)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Cctz REQUIRED_VARS Cctz_LIBRARY Cctz_INCLUDE
  REASON_FAILURE_MESSAGE "no cctz, which ./dev build installs")
if(Cctz_FOUND AND NOT TARGET Cctz::cctz)
  add_library(Cctz::cctz UNKNOWN IMPORTED GLOBAL)
  set_target_properties(Cctz::cctz PROPERTIES
    IMPORTED_LOCATION "${Cctz_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${Cctz_INCLUDE}")
endif()
